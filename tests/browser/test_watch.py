"""The watch itself: what it has to notice is planted on a page."""

from urllib.parse import urlsplit

PLANTED = {
    "console error": '<script src="/planted.js"></script>',
    "script error": '<script src="/thrown.js"></script>',
    "violates the following Content Security Policy": "<script>1</script>",
    "answer 404": '<img src="/no-such-picture.png" alt="">',
    "request elsewhere": '<img src="http://192.0.2.1/pixel.png" alt="">',
    "request failed": '<link rel="stylesheet" href="http://elsewhere.example/a.css">',
}
POLICY = {"Content-Security-Policy": "default-src 'self'; img-src *; style-src *"}
SCRIPTS = {"/planted.js": 'console.error("planted")', "/thrown.js": 'throw new Error("planted")'}


def test_planted_faults_are_noticed(town, open_page, watch):
    page = open_page()
    html = f"<!DOCTYPE html><title>Planted</title>{''.join(PLANTED.values())}"
    answers = {"/planted": html} | SCRIPTS

    def answer(route):
        path = urlsplit(route.request.url).path
        if path not in answers:
            return route.continue_()
        kind = "text/html" if path == "/planted" else "text/javascript"
        return route.fulfill(body=answers[path], content_type=kind, headers=POLICY)

    page.route(f"{town.url}/**", answer)
    page.goto("/planted")
    page.wait_for_load_state("networkidle")
    found, watch.problems = watch.problems, []
    missed = [fault for fault in PLANTED if not any(fault in line for line in found)]
    assert not missed, found


def test_page_without_fault_is_not_accused(open_page, watch):
    page = open_page()
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert watch.problems == []


def test_expected_answer_that_does_not_come_is_noticed(watch):
    watch.expect(404)
    assert watch.expected
    watch.expected.clear()
