"""The Dockerfile and docker-compose.yml, tried on a machine without a container engine."""
