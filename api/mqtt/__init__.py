"""MQTT: what happened as messages, how things stand as retained ones, and Home Assistant's discovery."""
