"""Sending mail, and handling bounces and complaints."""
