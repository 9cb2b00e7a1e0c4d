"""The images by name; each function takes the command's options and builds what is not cached."""

from . import applications, operator, postgres

IMAGES = {
    "postgres-15": lambda options: postgres.image(15, "bookworm"),
    "postgres-17": lambda options: postgres.image(17, "trixie"),
    # No stable release has it yet, and testing will drop it for a newer one some day.
    "postgres-18": lambda options: postgres.image(18, "forky"),
    "wharfinger": operator.image,
    "ihatemoney": applications.ihatemoney,
    "phoenix": applications.phoenix,
}
