"""Views, one module a noun."""
