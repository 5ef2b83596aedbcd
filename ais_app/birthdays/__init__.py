"""Birthdays of the class, on the home of its class teacher."""
