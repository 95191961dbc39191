"""A request, awaited as any coroutine; its JSON becomes Python data."""

from pyjs import js, to_py

# Keyword arguments become one object: the options of the call.
response = await js.fetch(
    "data/planets.json",
    method="GET",
    headers=js.Object(Accept="application/json"),
)
print(response.status, response.headers.get("content-type"))

planets = to_py(await response.json())
print(len(planets), "planets:", type(planets), "of", type(planets[0]))

table = js.document.createElement("table")
table.createCaption().textContent = "Days and moons, largest planet first"
head = table.createTHead().insertRow()
for title in ("Planet", "Diameter", "Day", "Moons"):
    head.appendChild(js.document.createElement("th")).textContent = title

body = table.createTBody()
for planet in sorted(planets, key=lambda planet: -planet["diameter"]):
    row = body.insertRow()
    row.insertCell().textContent = planet["name"]
    row.insertCell().textContent = f"{planet['diameter']:,} km"
    row.insertCell().textContent = f"{planet['day']:g} h"
    row.insertCell().textContent = planet["moons"]

js.document.getElementById("stage").append(table)
