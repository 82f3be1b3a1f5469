"""A text as windows of characters, for the peers that predict the next one."""
import pathlib

import torch

COUNT = 256  # of batches in memory


def windows(file, length, batch_size):
    """Batches of (characters, the next ones) at random places, and how many characters there are."""
    text = pathlib.Path(file).read_bytes()
    known = sorted(set(text))
    place = {character: number for number, character in enumerate(known)}
    tokens = torch.tensor([place[character] for character in text])
    starts = torch.randint(len(tokens) - length, (COUNT, batch_size, 1)) + torch.arange(length)
    return list(zip(tokens[starts], tokens[starts + 1])), len(known)
