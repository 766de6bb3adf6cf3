"""StyleGAN2 and StyleGAN3: configuration, a Keras model and an OpenVINO graph.

    config.py            what a network is, apart from its weights
    network_keras.py     the reference, on `keras.ops` alone
    network_openvino.py  the same as a graph, for processors

Sources: Karras et al., "Analyzing and Improving the Image Quality of StyleGAN" (CVPR 2020), "Training Generative
Adversarial Networks with Limited Data" (NeurIPS 2020), "Alias-Free Generative Adversarial Networks" (NeurIPS 2021).
"""
