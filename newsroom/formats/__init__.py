"""How dates and numbers are written and typed; Django's own vi formats read 10/7 as October."""
