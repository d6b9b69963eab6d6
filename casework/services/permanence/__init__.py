"""Permanences: where a service receives people, who comes when, and today's list on paper. The person is sealed to the service's ring."""
