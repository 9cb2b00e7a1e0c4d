"""A picture of the medians: a bar for every way, by database."""

from html import escape

BAR, GAP, LABEL, WIDTH = 18, 6, 260, 520


def draw(medians):
    """medians: {database: {way: seconds}}; gives SVG."""
    parts, y = [], 10
    for database, ways in medians.items():
        longest = max(ways.values())
        parts.append(f'<text x="10" y="{y + BAR}" font-weight="bold">{escape(database)}</text>')
        y += BAR + 2 * GAP
        for way, seconds in ways.items():
            length = WIDTH * seconds / longest
            parts.append(f'<text x="{LABEL - 8}" y="{y + BAR - 5}" text-anchor="end">{escape(way)}</text>')
            parts.append(f'<rect x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" fill="#4a7a8c"/>')
            parts.append(f'<text x="{LABEL + length + 6:.1f}" y="{y + BAR - 5}">{seconds:.2f} s</text>')
            y += BAR + GAP
        y += 3 * GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + WIDTH + 90}" height="{y}" font-family="sans-serif" '
            f'font-size="12">\n' + "\n".join(parts) + "\n</svg>\n")
