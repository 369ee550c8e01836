"""FT-Transformer (Gorishniy et al. 2021, arXiv:2106.11959) in PyTorch, with scikit-learn's interface.

`preprocessing.py` makes arrays of a frame, `model.py` is the network, `training.py` the loop, `settings.py` the
presets, `estimator.py` the classifier and the regressor. Training from scratch on one table only: no pretraining,
no tuning, no GPU.
"""
