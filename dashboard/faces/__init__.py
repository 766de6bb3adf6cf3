"""What a face is, and how its picture is made and kept."""
