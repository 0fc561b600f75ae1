"""Tables in HTML, as notebooks display objects by their `_repr_html_`."""

from collections.abc import Iterable, Sequence

_LONGEST_TABLE = 40  # rows; of more, those in the middle are left out


def html_table(
    title: str, header: Sequence[object], rows: Iterable[Sequence[object]], notes: Iterable[object] = ()
) -> str:
    """Returns a table in HTML.

    Args:
        title: The text above the table.
        header: The names of the columns.
        rows: The cells of each row; all texts are escaped. Of more than 40 rows the first and the last 20 are shown.
        notes: Lines below the table.

    Returns:
        The HTML text: a `<div>` with a `<table>`.

    Example:
        >>> html_table("a < b", ["n"], [[1]])
        '<div><p>a &lt; b</p><table><thead><tr><th>n</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></div>'
    """
    from html import escape  # used in notebooks alone

    def row_of(cells: Sequence[object], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"

    lines = [row_of(row, "td") for row in rows]
    if len(lines) > _LONGEST_TABLE:
        half = _LONGEST_TABLE // 2
        left_out = f'<tr><td colspan="{len(header)}">… {len(lines) - 2 * half:,} more …</td></tr>'
        lines = [*lines[:half], left_out, *lines[-half:]]
    below = "".join(f"<p>{escape(str(note))}</p>" for note in notes)
    return (
        f"<div><p>{escape(title)}</p><table><thead>{row_of(header, 'th')}</thead>"
        f"<tbody>{''.join(lines)}</tbody></table>{below}</div>"
    )
