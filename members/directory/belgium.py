"""Where Belgium is, roughly: enough to see that a coordinate lies in the sea or abroad."""

# Corners of an outline some five kilometres outside the border, as (longitude, latitude).
OUTLINE = (
    (2.48, 51.08),
    (2.58, 51.14),
    (2.88, 51.28),
    (3.18, 51.38),
    (3.37, 51.42),
    (3.45, 51.30),
    (3.85, 51.28),
    (4.20, 51.43),
    (4.42, 51.53),
    (4.80, 51.55),
    (5.10, 51.55),
    (5.30, 51.33),
    (5.60, 51.33),
    (5.92, 51.18),
    (5.78, 50.92),
    (5.78, 50.81),
    (6.07, 50.79),
    (6.33, 50.67),
    (6.48, 50.32),
    (6.20, 50.08),
    (5.83, 49.92),
    (5.98, 49.68),
    (5.92, 49.48),
    (5.45, 49.43),
    (5.05, 49.70),
    (4.78, 49.75),
    (4.75, 49.93),
    (4.10, 49.90),
    (4.08, 50.22),
    (3.62, 50.26),
    (3.22, 50.48),
    (3.13, 50.68),
    (2.98, 50.69),
    (2.58, 50.76),
)


def is_in_belgium(latitude: float, longitude: float) -> bool:
    """By counting the sides of the outline east of the point: inside, their number is odd."""
    inside = False
    corners = zip(OUTLINE, OUTLINE[1:] + OUTLINE[:1], strict=True)
    for (east, north), (next_east, next_north) in corners:
        if (north > latitude) == (next_north > latitude):
            continue
        crossing = east + (latitude - north) * (next_east - east) / (next_north - north)
        inside ^= longitude < crossing
    return inside
