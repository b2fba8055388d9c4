"""The city's electronic-supervision platform (电子监察): what people confirmed, in its codes and grades."""
