"""Back-propagation networks compared honestly with logistic and softmax regression."""
