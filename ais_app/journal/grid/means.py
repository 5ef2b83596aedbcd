"""Exact weighted means, what they earn, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class WeightedMark:
    """A mark that counts: its value in hundredths and the weight of its work."""

    hundredths: int
    weight: int


def weighted_mean(marks: Iterable[WeightedMark]) -> Fraction | None:
    """Σ(value·weight) / Σweight, exact; None when nothing counts."""
    total = weight = 0
    for mark in marks:
        total += mark.hundredths * mark.weight
        weight += mark.weight
    return Fraction(total, 100 * weight) if weight else None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least exact means that earn a «5», «4» and «3»; below the last it is a «2»."""

    five: Fraction = Fraction(9, 2)
    four: Fraction = Fraction(7, 2)
    three: Fraction = Fraction(5, 2)

    def least_for(self, mark: int) -> Fraction:
        """The least mean for `mark` (5, 4 or 3)."""
        return {5: self.five, 4: self.four, 3: self.three}[mark]

    def earned(self, mean: Fraction | None) -> int | None:
        """The mark (5 to 2) that an exact mean earns; None when nothing counts. A threshold is reached by equality."""
        if mean is None:
            return None
        return next((mark for mark in (5, 4, 3) if mean >= self.least_for(mark)), 2)

    def lies_between(self, mean: Fraction, shown: Fraction) -> bool:
        """Whether `mean` is below a threshold that `shown` reaches."""
        return any(mean < least <= shown for least in (self.five, self.four, self.three))


USUAL_THRESHOLDS = Thresholds()


def shown_mean(mean: Fraction | None, thresholds: Thresholds = USUAL_THRESHOLDS) -> str:
    """A mean for the eye: two decimals, half up, decimal comma. Never compare this, compare the fraction.

    A mean below a threshold that rounding would lift to it is cut instead: 4,499 is shown as 4,49 (D-53).
    """
    if mean is None:
        return ""
    hundredths = (200 * mean.numerator + mean.denominator) // (2 * mean.denominator)  # half up, exact
    lifted = hundredths * mean.denominator > 100 * mean.numerator
    if lifted and thresholds.lies_between(mean, Fraction(hundredths, 100)):
        hundredths = 100 * mean.numerator // mean.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02}"
