"""How leaderboards look: one module a format, each a registered reporter `render(boards, options) -> str`.

`content.py` decides what stands in the tables people read, `text.py` how numbers and foreign text are written.
"""
