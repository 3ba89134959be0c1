"""Following somebody: in place where scripts run, by a plain form where they do not."""

from playwright.sync_api import expect

from tests.browser.acting import both_ways, go, press


def test_following_does_not_leave_the_page(town, open_page):
    reader, author = town.member(), town.member()
    for number in range(10):
        town.post(author, f"Number {number}.\n" * 6)
    page = open_page(reader)
    go(page, f"/user/{author}")
    page.evaluate("window.same = true")
    page.get_by_role("main").get_by_role("button", name=f"Follow {author}").click()
    button = page.get_by_role("main").get_by_role("button", name=f"Unfollow {author}")
    expect(button).to_be_focused()
    expect(page.get_by_role("link", name="1 follower")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text=f"You follow {author}.")).to_be_visible()
    expect(button).to_be_in_viewport()
    assert page.evaluate("window.same"), "the page was loaded anew"


def test_each_press_of_the_button_is_one_request(town, open_page):
    reader, author = town.member(), town.member()
    town.post(author, "Something.")
    page = open_page(reader)
    go(page, f"/user/{author}")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    main = page.get_by_role("main")
    expected = []
    for before, after in (("Follow", "Unfollow"), ("Unfollow", "Follow")) * 2:
        main.get_by_role("button", name=f"{before} {author}", exact=True).click()
        expect(main.get_by_role("button", name=f"{after} {author}", exact=True)).to_be_visible()
        expected.append(f"{town.url}/{before.lower()}/{author}")
    page.wait_for_load_state("networkidle")
    assert sent == expected


def test_theme_switch_beside_a_renewed_list_sends_one_request(town, open_page):
    reader, author = town.member(), town.member()
    town.post(author)
    page = open_page(reader)
    go(page, "/explore")
    side = page.get_by_role("complementary", name="People to follow")
    side.get_by_role("button", name="Follow").first.click()
    expect(page.get_by_role("status").filter(has_text="You follow")).to_be_visible()
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    with page.expect_response("**/preferences"):
        page.get_by_role("button", name="Dark").click()
    page.wait_for_load_state("networkidle")
    assert sent == [f"{town.url}/preferences"]


def test_double_click_on_follow_follows(town, open_page):
    reader, author = town.member(), town.member()
    page = open_page(reader)
    go(page, f"/user/{author}")
    page.get_by_role("main").get_by_role("button", name=f"Follow {author}").dblclick()
    page.wait_for_load_state("networkidle")
    go(page, f"/user/{reader}")
    expect(page.get_by_role("link", name="1 following")).to_be_visible()


def test_suggested_person_goes_away_once_followed(town, open_page):
    reader, author = town.member(), town.member(display_name="Somebody New")
    town.post(author)
    page = open_page(reader)
    go(page, "/explore")
    side = page.get_by_role("complementary", name="People to follow")
    first = side.locator(".person-names").first.get_attribute("href")
    side.get_by_role("button", name="Follow").first.click()
    expect(side.locator(f'.person-names[href="{first}"]')).to_have_count(0)
    expect(page).to_have_url(f"{town.url}/explore")
    assert page.evaluate("document.activeElement !== document.body"), "the focus is lost"


def test_writing_goes_on_while_somebody_is_followed(town, open_page):
    reader, author = town.member(), town.member()
    town.post(author)
    page = open_page(reader)
    go(page, "/")
    page.get_by_label("Your post").fill("In the middle of")
    side = page.get_by_role("complementary", name="People to follow")
    side.get_by_role("button", name="Follow").first.click()
    expect(page.get_by_role("status").filter(has_text="You follow")).to_be_visible()
    expect(page.get_by_label("Your post")).to_have_value("In the middle of")


@both_ways
def test_following_from_a_list_comes_back_to_the_list(town, open_page, javascript):
    reader, author, fan = town.member(), town.member(), town.member()
    town.follow(fan, author)
    page = open_page(reader, javascript=javascript)
    go(page, f"/user/{author}/followers")
    follow = page.get_by_role("main").get_by_role("button", name=f"Follow {fan}")
    if javascript:
        follow.click()
    else:
        press(follow)
    expect(page.get_by_role("button", name=f"Unfollow {fan}")).to_be_visible()
    expect(page).to_have_url(f"{town.url}/user/{author}/followers")


def test_visitor_who_wants_to_follow_is_asked_to_sign_in(town, open_page):
    author = town.member()
    page = open_page()
    go(page, f"/user/{author}")
    press(page.get_by_role("main").get_by_role("link", name="Follow", exact=True))
    expect(page).to_have_url(f"{town.url}/auth/login?next=/user/{author}")


def test_session_that_ended_sends_the_reader_to_a_clear_page(town, open_page, watch):
    reader, author = town.member(), town.member()
    page, other = open_page(reader), open_page(reader)
    go(page, f"/user/{author}")
    go(other, "/settings/sessions")
    press(other.get_by_role("button", name="Sign out everywhere else"))
    watch.expect(401, 401)  # in the background, then as a page
    watch.forgive("ERR_ABORTED")  # nobody reads the first answer to its end
    press(page.get_by_role("main").get_by_role("button", name=f"Follow {author}"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()
