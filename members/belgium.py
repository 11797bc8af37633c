"""Where Belgium is: a sketch of its border by hand, for the map and to know what lies abroad."""

# Corners as (longitude, latitude), from the sea clockwise.
BORDER = (
    # The coast
    (2.55, 51.09), (2.75, 51.16), (2.92, 51.24), (3.12, 51.32), (3.22, 51.35), (3.37, 51.37),
    # The Netherlands
    (3.38, 51.28), (3.45, 51.24), (3.52, 51.25), (3.53, 51.29), (3.60, 51.30), (3.77, 51.26),
    (3.80, 51.21), (3.90, 51.21), (4.05, 51.25), (4.17, 51.29), (4.24, 51.35), (4.25, 51.38),
    (4.34, 51.38), (4.42, 51.36), (4.39, 51.43), (4.41, 51.47), (4.54, 51.48), (4.55, 51.43),
    (4.64, 51.42), (4.69, 51.45), (4.78, 51.50), (4.84, 51.48), (4.83, 51.42), (4.93, 51.40),
    (5.03, 51.48), (5.09, 51.46), (5.08, 51.39), (5.14, 51.31), (5.24, 51.30), (5.24, 51.26),
    (5.41, 51.26), (5.51, 51.29), (5.56, 51.22), (5.66, 51.18), (5.84, 51.16), (5.79, 51.07),
    (5.76, 50.97), (5.72, 50.91), (5.65, 50.87), (5.64, 50.81), (5.70, 50.75), (5.89, 50.75),
    (6.02, 50.75),
    # Germany
    (6.06, 50.72), (6.12, 50.72), (6.18, 50.63), (6.27, 50.62), (6.18, 50.54), (6.22, 50.49),
    (6.34, 50.48), (6.37, 50.44), (6.40, 50.33), (6.30, 50.32), (6.28, 50.27), (6.17, 50.23),
    (6.14, 50.13),
    # Luxembourg
    (6.03, 50.18), (5.96, 50.13), (5.87, 50.07), (5.82, 50.01), (5.74, 49.91), (5.75, 49.79),
    (5.87, 49.72), (5.91, 49.66), (5.86, 49.59), (5.82, 49.55),
    # France
    (5.73, 49.55), (5.47, 49.50), (5.42, 49.60), (5.30, 49.65), (5.26, 49.69), (5.17, 49.69),
    (5.09, 49.76), (4.98, 49.80), (4.87, 49.79), (4.88, 49.91), (4.79, 49.96), (4.84, 50.05),
    (4.88, 50.14), (4.83, 50.17), (4.75, 50.12), (4.69, 50.09), (4.69, 50.00), (4.52, 49.97),
    (4.45, 49.94), (4.31, 49.97), (4.15, 49.98), (4.17, 50.05), (4.23, 50.07), (4.13, 50.13),
    (4.15, 50.25), (4.21, 50.27), (4.10, 50.31), (4.03, 50.35), (3.89, 50.33), (3.75, 50.35),
    (3.71, 50.31), (3.66, 50.36), (3.67, 50.44), (3.61, 50.49), (3.52, 50.52), (3.37, 50.49),
    (3.29, 50.53), (3.27, 50.60), (3.25, 50.70), (3.18, 50.73), (3.13, 50.79), (3.02, 50.77),
    (2.94, 50.75), (2.91, 50.70), (2.80, 50.72), (2.70, 50.81), (2.63, 50.82), (2.61, 50.91),
    (2.60, 50.99),
)  # fmt: skip
# Some five kilometres to each side, as (degrees east, degrees north): the sketch is no survey.
MARGINS = [(east, north) for east in (-0.07, 0, 0.07) for north in (-0.045, 0, 0.045)]


def is_in_belgium(latitude: float, longitude: float) -> bool:
    """Or just outside: enough to see that a coordinate lies in the sea or abroad."""
    return any(_is_inside(longitude + east, latitude + north) for east, north in MARGINS)


def _is_inside(longitude: float, latitude: float) -> bool:
    """By counting the sides of the border east of the point: inside, their number is odd."""
    inside = False
    corners = zip(BORDER, BORDER[1:] + BORDER[:1], strict=True)
    for (east, north), (next_east, next_north) in corners:
        if (north > latitude) == (next_north > latitude):
            continue
        crossing = east + (latitude - north) * (next_east - east) / (next_north - north)
        inside ^= longitude < crossing
    return inside
