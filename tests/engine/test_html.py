import pytest

from minikeras.engine.html import html_table


def test_texts_are_escaped():
    table = html_table("<b>", ["&"], [["<script>"]], notes=['"'])
    assert "<p>&lt;b&gt;</p>" in table and "<th>&amp;</th>" in table and "<td>&lt;script&gt;</td>" in table
    assert table.endswith("</table><p>&quot;</p></div>")


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (40, 40), (41, 40), (1_000, 40)])
def test_long_tables_are_shortened_in_the_middle(count, shown):
    table = html_table("", ["a", "b"], [[number, "x"] for number in range(count)])
    assert table.count("<td>x</td>") == shown
    if count > shown:
        assert f'<tr><td colspan="2">… {count - 40:,} more …</td></tr><tr><td>{count - 20}</td>' in table
        assert "<td>19</td>" in table and "<td>20</td>" not in table
    else:
        assert "more" not in table
