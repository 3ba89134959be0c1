from tests.browsing import sign_in, submit
from tests.factories import make_post


def test_bob_reads_ana_at_home(client, ana, bob):
    post = make_post(ana, "The ferry is late again.")
    assert sign_in(client, bob).location == "/"
    page = client.get("/")
    assert post.body in page.text


def test_writing_publishes(client, ana):
    sign_in(client, ana)
    assert submit(client, "/write", body="Hello").location == "/"
    assert "Hello" in client.get("/user/ana").text
