"""The service: what is ready in the inbox, and staying up while shares come and go."""
