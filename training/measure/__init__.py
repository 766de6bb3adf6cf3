"""Quality of the model: figures of samples next to the same figures of the renders that it was trained on."""
