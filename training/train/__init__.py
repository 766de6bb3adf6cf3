"""The GAN: discriminator, losses, schedule of growth, and the loop that stops and resumes."""
