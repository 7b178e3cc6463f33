"""Inference from the cross-validation of models on one data set: numbers in, numbers out.

The scores of the splits of a repeated k-fold cross-validation are not independent: any two training
sets share most of their rows. The usual t-test assumes independence, and so it finds differences
where there are none. The functions in this package correct for that.

Higher scores are better (pass the negative of a loss). A difference is the score of a model minus
the score of its baseline.
"""
