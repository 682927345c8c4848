"""How far readers agree: alpha, intraclass correlations, kappa for pairs, and where and how readers differ.

Public interface (pure: numpy and scipy; one entry a reading, nan = cannot judge or missing):

    krippendorff_alpha(units, values, metric="ordinal", *, bootstrap=1000, level=.95, seed=0) -> Alpha
    alpha_of_table(table, metric)                    observers x units
    icc(variances, readers) -> ModelICC              from Ranking.variances: single, mean of m, mean after correction
    shrout_fleiss(table, level=.95) -> ShroutFleiss  the six coefficients of a complete table
    weighted_kappa(counts, weights), pair_kappas(files, reviewers, levels, minimum=20)
    criterion_spread(files, levels) -> Spread        for the heat strip
    reviewer_cards(ranking, files, reviewers, scores, levels=None) -> [ReviewerCard]
    agreement_word(value) -> AgreementWord           a code; the sentence is the caller's
"""

from portal.selection.agreement.alpha import Alpha, alpha_of_table, krippendorff_alpha
from portal.selection.agreement.icc import Coefficient, ModelICC, ShroutFleiss, icc, shrout_fleiss
from portal.selection.agreement.kappa import MINIMUM_FILES, PairKappa, pair_kappas, weighted_kappa
from portal.selection.agreement.panel import (
    ENOUGH_FILES,
    AgreementWord,
    ReviewerCard,
    Spread,
    agreement_word,
    criterion_spread,
    reviewer_cards,
)

__all__ = [
    "ENOUGH_FILES",
    "MINIMUM_FILES",
    "AgreementWord",
    "Alpha",
    "Coefficient",
    "ModelICC",
    "PairKappa",
    "ReviewerCard",
    "ShroutFleiss",
    "Spread",
    "agreement_word",
    "alpha_of_table",
    "criterion_spread",
    "icc",
    "krippendorff_alpha",
    "pair_kappas",
    "reviewer_cards",
    "shrout_fleiss",
    "weighted_kappa",
]
