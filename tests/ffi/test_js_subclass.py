"""Class statements whose base is a JavaScript class: members, super(), construction, errors."""

from tests.inside import inside
from tests.waits import until


@inside
def test_an_instance_is_a_native_object_of_a_native_class() -> None:
    from pyjs import run_js

    point = run_js("(class Point { constructor(x, y) { this.x = x; this.y = y } })")

    class Dot(point):
        def __init__(self, x, y=0, *, colour="red"):
            super().__init__(x, y)
            self.colour = colour

        def norm(self):
            return self.x + self.y

    dot = Dot(1, 2, colour="blue")
    assert (dot.x, dot.y, dot.colour, dot.norm()) == (1, 2, "blue", 3)
    assert isinstance(dot, Dot)
    assert isinstance(dot, point)
    made = run_js("C => new C(3, 4)")(Dot)
    assert type(made) is Dot
    assert (made.norm(), made.colour) == (7, "red")
    facts = run_js(
        "(D, P, d) => [D.name, Object.getPrototypeOf(D) === P, typeof D, d instanceof D,"
        " Object.getPrototypeOf(d) === D.prototype, d.constructor === D, d.norm(), String(d),"
        " Object.getPrototypeOf(D.prototype) === P.prototype, Object.keys(d).join()]"
    )
    assert list(facts(Dot, point, dot)) == [
        "Dot", True, "function", True, True, True, 3, "[object Object]", True, "x,y,colour",
    ]  # fmt: skip


@inside
def test_the_class_crosses_as_itself() -> None:
    from pyjs import js, run_js, to_py

    class Stack(js.Array):
        pass

    same = run_js("x => x")
    assert same(Stack) is Stack
    assert to_py(run_js("C => [C]")(Stack))[0] is Stack
    holder = run_js("({})")
    holder.C = Stack
    assert holder.C is Stack
    assert run_js("(C, o) => o.C === C && (() => C)() === C")(Stack, holder) is True


@inside
def test_super_reaches_python_and_javascript_parents() -> None:
    from pyjs import run_js

    base = run_js(
        "(class Base { constructor(...a) { this.args = a.join(); this.target = new.target.name }"
        " hi(x) { return `js ${this.tag} ${x}` } get kind() { return 'kind of ' + this.tag } })"
    )

    class First(base):
        def __init__(self, a):
            super().__init__(a, "first")
            self.tag = "t"

        def hi(self, x, *, end="."):
            return super().hi(x) + " py" + end

        @property
        def kind(self):
            return super().kind + "!"

    class Second(First):
        def __init__(self):
            super().__init__(9)

        def hi(self, x):
            return super().hi(x, end="!") + "2"

    second = Second()
    assert (second.args, second.target) == ("9,first", "Second")
    assert second.hi(5) == "js t 5 py!2"
    assert run_js("s => s.hi(6)")(second) == "js t 6 py!2"
    assert second.kind == "kind of t!"
    assert run_js("s => s.kind")(second) == "kind of t!"
    assert run_js("S => new S().hi(1)")(Second) == "js t 1 py!2"
    assert [k.__name__ for k in Second.__mro__[:3]] == ["Second", "First", "Base"]
    assert run_js("(a, b) => Object.getPrototypeOf(a) === b")(Second, First) is True
    assert First.hi(second, 7) == "js t 7 py."
    try:
        super(First, second).nothing
    except AttributeError as error:
        assert "nothing" in str(error)


@inside
def test_properties_become_getters_and_setters() -> None:
    from pyjs import js, run_js

    class Box(js.Object):
        @property
        def size(self):
            return int(self._size or 0)

        @size.setter
        def size(self, value):
            self._size = str(value)

        @property
        def fixed(self):
            return 1

    box = Box()
    box._size = None
    assert box.size == 0
    box.size = 3
    assert (box.size, box._size) == (3, "3")
    assert run_js("b => { b.size = 5; return b.size + 1 }")(box) == 6
    assert box._size == "5"
    describe = run_js("B => Object.getOwnPropertyDescriptor(B.prototype, 'fixed')")
    assert describe(Box).set is None
    try:
        box.fixed = 2
    except AttributeError:
        pass
    else:
        raise AssertionError("it was set")


@inside
def test_static_members() -> None:
    from pyjs import js, run_js, to_py

    class Parent(js.Object):
        names = ("a", "b")
        limit = 5

        @staticmethod
        def double(x):
            return 2 * x

        @classmethod
        def make(cls):
            return cls()

    class Child(Parent):
        pass

    look = run_js("P => [P.double(4), P.limit, [...P.names].join(), Object.keys(P).join()]")
    assert to_py(look(Parent)) == [8, 5, "a,b", "names,limit"]
    assert type(Parent.make()) is Parent
    assert type(Child.make()) is Child
    assert type(run_js("C => C.make()")(Child)) is Child
    assert run_js("C => { C.limit = 7; return C.limit }")(Parent) == 7
    assert Parent.limit == 7
    Parent.limit = 8
    Parent.extra = 1
    assert run_js("P => P.limit + P.extra")(Parent) == 9
    del Parent.extra
    assert run_js("P => 'extra' in P")(Parent) is False
    assert Parent.name == "Parent"
    assert Parent.prototype.constructor is Parent
    assert list(Parent.keys(run_js("({k: 1})"))) == ["k"]
    sub = run_js("P => class extends P {}")(Parent)
    assert (
        run_js("(S, P) => { S.limit = 1; return [S.limit, P.limit].join() }")(sub, Parent) == "1,8"
    )


@inside
def test_javascript_subclasses_of_it() -> None:
    from pyjs import js, run_js

    class Animal(js.Object):
        def __init__(self, name):
            super().__init__()
            self.name = name

        def sound(self):
            return "..."

        def speak(self):
            return f"{self.name}: {self.sound()}"

    dog_class = run_js(
        "A => class Dog extends A { constructor() { super('Rex'); this.t = new.target.name }"
        " sound() { return super.sound() + 'woof' } }"
    )(Animal)
    dog = dog_class.new()
    assert dog.speak() == "Rex: ...woof"
    assert dog.sound() == "...woof"
    assert isinstance(dog, Animal)
    assert isinstance(dog, dog_class)
    assert issubclass(dog_class, Animal)
    assert dog.t == "Dog"
    assert not isinstance(Animal("x"), dog_class)

    class Puppy(dog_class):
        def sound(self):
            return super().sound() + "!"

    puppy = Puppy()
    assert puppy.speak() == "Rex: ...woof!"
    assert puppy.t == "Puppy"
    assert issubclass(Puppy, Animal)
    assert isinstance(puppy, dog_class)
    puppy.sound = run_js("() => 'own'")
    assert puppy.speak() == "Rex: own"


@inside
def test_built_in_classes() -> None:
    from pyjs import create_proxy, js, run_js

    class Counter(js.Map):
        def __init__(self):
            super().__init__()
            self.total = 0

        def get(self, key):
            found = super().get(key)
            return 0 if found is None else found

        def add(self, key):
            self.total += 1
            return self.set(key, self.get(key) + 1)

    counter = Counter()
    counter.add("a").add("a").add("b")
    assert (counter.get("a"), counter["a"], len(counter), counter.total) == (2, 2, 2, 3)
    assert run_js("c => [...c.keys()].join() + c.get('z')")(counter) == "a,b0"
    assert run_js("c => Object.prototype.toString.call(c)")(counter) == "[object Map]"

    class Stack(js.Array):
        @property
        def top(self):
            return self[-1]

    stack = Stack()
    stack.push(1, 2)
    assert (stack.top, list(stack), len(stack)) == (2, [1, 2], 2)
    mapped = run_js("s => s.map(x => x * 2)")(stack)
    assert type(mapped) is Stack
    assert mapped.top == 4
    assert run_js("s => Array.isArray(s)")(stack) is True

    class Bytes(js.Uint8Array):
        def sum(self):
            return sum(self)

    assert Bytes(js.Array.of(1, 2, 3)).sum() == 6

    class Target(js.EventTarget):
        def fire(self):
            return self.dispatchEvent(js.Event.new("go"))

    seen = []
    target = Target()
    listener = create_proxy(lambda event: seen.append(event.target))
    target.addEventListener("go", listener)
    assert target.fire() is True
    assert type(seen.pop()) is Target
    listener.destroy()


@inside
async def test_promises() -> None:
    from pyjs import js, run_js

    class Later(js.Promise):
        async def twice(self):
            return 2 * await self

    later = Later(lambda resolve, reject: resolve(21))
    assert await later.twice() == 42
    assert await run_js("l => l.twice()")(later) == 42
    assert run_js("l => l.twice() instanceof Promise")(later) is True
    assert type(later.then(lambda x: x)) is Later
    assert await Later.resolve(3) == 3


@inside
async def test_async_methods_give_promises() -> None:
    import asyncio

    from pyjs import js, run_js

    class Loader(js.Object):
        async def load(self, x):
            await asyncio.sleep(0)
            if x < 0:
                raise KeyError("negative")
            return x + 1

        async def close(self):
            closed.append(1)

    closed = []
    loader = Loader()
    assert await loader.load(1) == 2
    assert (
        await run_js(
            "async l => { const p = l.load(2); return [p instanceof Promise, await p].join() }"
        )(loader)
        == "true,3"
    )
    caught = run_js("l => l.load(-1).catch(e => `${e.name} ${e.type}`)")
    assert await caught(loader) == "PythonError KeyError"
    run_js("l => { l.close() }")(loader)
    await until(lambda: closed)
    assert closed == [1]


@inside
def test_exceptions_keep_their_identity() -> None:
    from pyjs import JsException, js, run_js

    class Bad(js.Object):
        def __init__(self, error=None):
            if error is not None:
                raise error
            super().__init__()

        def fail(self, error):
            raise error

    for error in (KeyError("k"), ValueError("v")):
        for act in (
            lambda error=error: Bad(error),
            lambda error=error: run_js("(B, e) => new B(e)")(Bad, error),
            lambda error=error: run_js("(b, e) => b.fail(e)")(Bad(), error),
        ):
            try:
                act()
            except (KeyError, ValueError) as caught:
                assert caught is error
            else:
                raise AssertionError("nothing was raised")
    text = "(b, e) => { try { b.fail(e) } catch (x) { return [x.name, x.type].join() } }"
    assert run_js(text)(Bad(), KeyError("k")) == "PythonError,KeyError"
    try:
        run_js("(B) => B()")(Bad)
    except JsException as error:
        assert error.name == "TypeError"
    else:
        raise AssertionError("it was called without new")


@inside
def test_errors_can_be_subclassed_and_raised() -> None:
    from pyjs import JsException, js, run_js

    class Refused(js.Error):
        def __init__(self, message, code):
            super().__init__(message)
            self.code = code

    try:
        raise Refused("no", 7)
    except Refused as error:
        assert (error.message, error.code, str(error)) == ("no", 7, "Error: no")
        assert isinstance(error, JsException)
    caught = run_js(
        "(f, R) => { try { f() } catch (e) {"
        " return [e instanceof R, e.code, e.stack.length > 5].join() } }"
    )

    def refuse():
        raise Refused("again", 8)

    assert caught(refuse, Refused) == "true,8,true"
    try:
        run_js("R => { throw new R('thrown', 9) }")(Refused)
    except Refused as error:
        assert (error.message, error.code) == ("thrown", 9)
        assert isinstance(error.js_error, Refused)
    assert run_js("R => Object.prototype.toString.call(new R('x', 1))")(Refused) == "[object Error]"


@inside
def test_what_init_may_not_do() -> None:
    from pyjs import js

    class Silent(js.Object):
        def __init__(self):
            pass

    class Early(js.Object):
        def __init__(self):
            self.x = 1
            super().__init__()

    class EarlyRead(js.Object):
        def __init__(self):
            self.x()

    class Twice(js.Object):
        def __init__(self):
            super().__init__()
            super().__init__()

    for cls, text in (
        (Silent, "never called"),
        (Early, "before self"),
        (EarlyRead, "before self"),
        (Twice, "already made"),
    ):
        try:
            cls()
        except TypeError as error:
            assert text in str(error), (cls, error)
        else:
            raise AssertionError(f"{cls} was constructed")


@inside
def test_what_a_class_statement_may_not_do() -> None:
    from pyjs import js, run_js

    def statement(*bases, **members):
        import types

        try:
            types.new_class("C", bases, {}, lambda namespace: namespace.update(members))
        except TypeError as error:
            return str(error)
        raise AssertionError("no TypeError")

    assert "one base that is a JavaScript class" in statement(js.Map, js.Set)
    assert "__slots__" in statement(js.Map, __slots__=("a",))
    assert "__init__" in statement(js.Map, __new__=lambda cls: None)
    assert "expected as base a JavaScript class" in statement(run_js("() => 1"))
    assert "expected as base a JavaScript class" in statement(js.parseInt)
    assert statement(js.Math)


@inside
def test_mixins_and_init_subclass() -> None:
    from pyjs import run_js

    made = []

    class Mixin:
        factor = 3

        def scaled(self):
            return self.n * self.factor

        def describe(self):
            return "mixin " + super().describe()

        def __init_subclass__(cls, **keywords):
            super().__init_subclass__()
            made.append((run_js("C => C.name")(cls), keywords))

    base = run_js("(class Base { n = 5; describe() { return 'js' } })")

    class Mixed(Mixin, base, tag="x"):
        pass

    assert made == [("Mixed", {"tag": "x"})]
    mixed = Mixed()
    assert mixed.scaled() == 15
    assert (
        run_js("m => [m.scaled(), m.describe(), m.constructor.factor].join()")(mixed)
        == "15,mixin js,3"
    )
    made.clear()


@inside
def test_members_can_be_changed_later() -> None:
    from pyjs import js, run_js

    class Thing(js.Object):
        def f(self):
            return 1

    class Sub(Thing):
        pass

    thing = Sub()
    Thing.f = lambda self: 2
    Thing.g = lambda self: 3
    assert (thing.f(), thing.g()) == (2, 3)
    assert run_js("t => [t.f(), t.g()].join()")(thing) == "2,3"
    del Thing.g
    assert run_js("t => 'g' in t")(thing) is False


@inside
def test_proxies_that_answer_everything_are_no_instances() -> None:
    from pyjs import JsProxy, js, run_js

    class Alive(js.Object):
        pass

    # Objects are looked at for their Python class while there is one.
    odd = run_js(
        """[
          new Proxy({}, { get: (target, name) => (...args) => [name, ...args] }),
          new Proxy({}, { get: () => null }),
          new Proxy({}, { get() { throw new Error("get") } }),
          new Proxy(() => 5, { get: () => 5 }),
        ]"""
    )
    assert list(odd[0].anything(1)) == ["anything", 1]
    assert odd[1].x is None or repr(odd[1].x) == "jsnull"
    assert [isinstance(each, JsProxy) for each in odd] == [True] * 4
    assert odd[3]() == 5
    trapped = run_js(
        """(object) => new Proxy(object, {
          getOwnPropertyDescriptor() { throw new Error("descriptor") }
        })"""
    )
    assert isinstance(trapped(Alive.new()), JsProxy)
