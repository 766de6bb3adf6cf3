"""Quality of the model: figures of samples beside the same figures of the renders that it was trained on."""
