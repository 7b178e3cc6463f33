"""The option that writes the sentences of the report again."""


def pytest_addoption(parser):
    parser.addoption("--update-sentences", action="store_true", help="write sentences.md again")
