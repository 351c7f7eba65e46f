def write_acts(folder, clock, port):
    pass
