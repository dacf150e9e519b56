"""A pace to lay videos out with, whatever the themes that come along have."""

from fractions import Fraction

from triviareel.video.storyboard import Pace

PACE = Pace(
    intro_s=Fraction(3),
    outro_s=Fraction(4),
    settle_s=Fraction(2, 5),
    breath_s=Fraction(3, 10),
    option_s=Fraction(3, 5),
    ring_s=Fraction(7, 10),
    hold_s=Fraction(4, 5),
    leave_s=Fraction(2, 5),
    reading_rate=16,
)
