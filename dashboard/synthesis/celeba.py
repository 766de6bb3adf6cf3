"""CelebA's attributes: the groups of their sliders.

Source: Liu et al., "Deep Learning Face Attributes in the Wild" (ICCV 2015), and the words that TL-GAN used for some.
"""

from __future__ import annotations

_GROUPS = {
    "Expression": "Smiling Mouth_Slightly_Open Mouth_Open Narrow_Eyes Eye_bags Bags_Under_Eyes High_Cheekbones",
    "Person": (
        "Young Age Male Attractive Chubby Double_Chin Pale_Skin Skin_Tone Rosy_Cheeks Heavy_Makeup Makeup "
        "Wearing_Lipstick Lipstick"
    ),
    "Face shape": "Oval_Face Big_Lips Big_Nose Pointy_Nose Arched_Eyebrows Bushy_Eyebrows",
    "Hair and beard": (
        "Bald Bangs Black_Hair Blond_Hair Brown_Hair Gray_Hair Receding_Hairline Hairline Straight_Hair Wavy_Hair "
        "5_o_Clock_Shadow Shadow Goatee Mustache No_Beard Beard Sideburns"
    ),
    "Worn": ("Eyeglasses Wearing_Earrings Earrings Wearing_Hat Hat Wearing_Necklace Necklace Wearing_Necktie Necktie"),
    "Picture": "Blurry",
}

GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names.split()}
"""Group of each attribute, by CelebA's name or TL-GAN's."""

OTHERS = "Others"
"""Group of any other attribute."""
