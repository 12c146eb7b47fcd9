"""A fictional quarter, lived through: the demo's managers, their mistakes, and what becomes of them."""
