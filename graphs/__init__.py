"""How work is governed: case graphs, worker graphs and the steps that they share."""
