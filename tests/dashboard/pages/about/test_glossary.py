"""The glossary is on the About page, sorted, and linked from the help of every page."""

from dashboard.components.shortcuts import shortcuts
from dashboard.pages.about.glossary import entries, glossary


def test_every_entry_of_the_document_is_on_the_page():
    words = [word for word, _ in entries()]
    assert len(words) >= 30
    assert words == sorted(words, key=str.lower)
    assert not {"word", "---"} & set(words)
    laid_out = str(glossary())
    assert all(meaning in laid_out for _, meaning in entries())


def test_the_help_of_every_page_leads_there():
    assert "/about#glossary" in str(shortcuts())
