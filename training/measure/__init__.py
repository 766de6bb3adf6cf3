"""How good the model is: figures of samples beside the same figures of the renders it was trained on."""
