"""A list built of DOM elements; its listeners are Python functions."""

from pyjs import js

document = js.document
stage = document.getElementById("stage")


def make(tag, text="", **properties):
    """A new element. Keyword arguments become one JavaScript object."""
    element = document.createElement(tag)
    element.textContent = text
    return js.Object.assign(element, **properties)


field = make("input", placeholder="Buy milk", ariaLabel="What to do")
form = make("form", className="row")
form.append(field, make("button", "Add"))
items = make("ul", className="items")
stage.append(form, items)


def add(text):
    item = make("li")
    box = make("input", type="checkbox")
    label = make("label")
    label.append(box, make("span", text))
    item.append(label)
    items.append(item)


def submit(event):
    event.preventDefault()
    if text := field.value.strip():
        add(text)
        print(f"{len(items.children)} things to do")
    field.value = ""


# The function lives as long as JavaScript may call it.
form.addEventListener("submit", submit)
add("Make a list in Python")
add("Tick a box")
