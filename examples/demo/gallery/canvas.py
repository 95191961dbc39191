"""An animation: a coroutine awaits every frame. Stop cancels its task."""

from math import cos, pi, sin, sqrt

from pyjs import js

stage = js.document.getElementById("stage")
rate = js.document.createElement("output")
canvas = js.document.createElement("canvas")
stage.append(rate, canvas)

scale = js.devicePixelRatio
width, height = stage.clientWidth, 200
canvas.width, canvas.height = width * scale, height * scale
canvas.style.width, canvas.style.height = f"{width}px", f"{height}px"
context = canvas.getContext("2d")
context.scale(scale, scale)
GOLDEN = pi * (3 - sqrt(5))
SEEDS = [(index * GOLDEN, sqrt(index / 360)) for index in range(360)]


def next_frame():
    """A promise of the next frame's time, in milliseconds."""

    def ask(resolve, reject):
        js.requestAnimationFrame(resolve)

    return js.Promise.new(ask)


def draw(seconds):
    context.clearRect(0, 0, width, height)
    for angle, distance in SEEDS:
        wave = sin(seconds * 1.6 - distance * 9)
        radius = distance * (height / 2 - 12) * (1 + 0.06 * wave)
        turned = angle + seconds * 0.12
        hue = 205 + 60 * distance + 25 * wave
        x = width / 2 + radius * cos(turned)
        y = height / 2 + radius * sin(turned)
        context.fillStyle = f"hsl({hue} 55% 55%)"
        context.beginPath()
        context.arc(x, y, 1.6 + 2.2 * distance + wave, 0, 2 * pi)
        context.fill()


frames, since = 0, await next_frame()
try:
    while True:
        now = await next_frame()
        draw(now / 1000)
        frames += 1
        if now - since >= 500:
            rate.textContent = f"{frames * 1000 / (now - since):.0f} fps"
            frames, since = 0, now
finally:
    print("The task was cancelled.")
