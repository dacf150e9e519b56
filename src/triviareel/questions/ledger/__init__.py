"""What a channel has asked before, and whether a question asks it again."""

from triviareel.questions.ledger.ledger import Ledger, Match

__all__ = ["Ledger", "Match"]
