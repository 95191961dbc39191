"""Python functions as JavaScript callbacks, and the other way round."""

from functools import cmp_to_key

from pyjs import js

words = js.Array.of("pear", "Äpfel", "fig", "Zitrone", "olive")

# JavaScript sorts, Python compares.
by_length = words.toSorted(lambda a, b: len(a) - len(b))
print("by length  ", *by_length)

# Python sorts, JavaScript compares: the rules of German for A and Ä.
collator = js.Intl.Collator.new("de")
print("in German  ", *sorted(words, key=cmp_to_key(collator.compare)))


# map passes three arguments: a value, its index, and the array.
def number(word, index, array):
    return f"{index + 1}/{len(array)} {word}"


print("numbered   ", words.map(number).join(", "))

# A method of JavaScript's, called with a Python predicate.
print("first long ", words.find(lambda word, *rest: len(word) > 5))

# A name that is a keyword of Python gets an underscore.
squares = js.Array.from_(js.Object(length=6), lambda _, n: n * n)
print("squares    ", *squares)


# An exception passes through JavaScript and stays the same object.
def refuse(*arguments):
    raise LookupError("not this one")


try:
    words.forEach(refuse)
except LookupError as error:
    print("caught     ", repr(error))
