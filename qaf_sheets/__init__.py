"""Quality assurance workbooks for children's services: issue, receive, publish."""

__version__ = "0.1.0"
