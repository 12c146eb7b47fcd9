"""The two-way tables: layout, write, read, and one pure merge (design decision 8, specification 9)."""
