"""A library from npm: d3-geo projects a globe, Python turns it."""

from pyjs import js

# The page's function for import(), which in JavaScript is syntax.
d3 = await js.importModule("d3-geo.mjs")

SVG = "http://www.w3.org/2000/svg"
stage = js.document.getElementById("stage")
picture = js.document.createElementNS(SVG, "svg")
picture.setAttribute("viewBox", "0 0 240 240")
picture.setAttribute("class", "globe")


def shape(kind):
    path = picture.appendChild(js.document.createElementNS(SVG, "path"))
    path.setAttribute("class", kind)
    return path


projection = d3.geoOrthographic().scale(112)
projection.translate(js.Array.of(120, 120))
outline = d3.geoPath(projection)
sphere, grid, route = shape("sphere"), shape("grid"), shape("route")
amsterdam, tokyo = js.Array.of(4.9, 52.4), js.Array.of(139.7, 35.7)
places = js.Array.of(amsterdam, tokyo)
flight = js.Object(type="LineString", coordinates=places)

slider = js.document.createElement("input")
slider.ariaLabel = "Longitude"
slider.type, slider.min, slider.max = "range", -180, 180
slider.value = 70
stage.append(picture, slider)


def turn(event=None):
    projection.rotate(js.Array.of(-float(slider.value), -35))
    sphere.setAttribute("d", outline(js.Object(type="Sphere")))
    grid.setAttribute("d", outline(d3.geoGraticule10()))
    route.setAttribute("d", outline(flight) or "")


slider.addEventListener("input", turn)
turn()
distance = d3.geoDistance(amsterdam, tokyo) * 6371
print(f"Amsterdam to Tokyo, the short way: {distance:,.0f} km")
