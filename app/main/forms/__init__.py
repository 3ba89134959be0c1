"""Forms, one module a noun."""
