"""Fashion-MNIST and the network fmnist-cnn in plain PyTorch, for the peers in this folder."""
import gzip
import os

import numpy
import torch
from torch import nn
from torch.utils.data import TensorDataset

FOLDER = os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist")


def _items(name, header):
    with gzip.open(os.path.join(FOLDER, name)) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


def load(train_size, validation_size=10_000, seed=1):
    """Training, validation and test sets, normalised with the statistics of the training set."""
    def tensors(part):
        images = _items(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
        labels = _items(f"{part}-labels-idx1-ubyte.gz", 8)
        return torch.from_numpy(images.astype(numpy.float32) / 255), torch.from_numpy(labels.astype(numpy.int64))

    images, labels = tensors("train")
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    train, validation = order[validation_size:][:train_size], order[:validation_size]
    mean, deviation = images[train].mean(), images[train].std()
    test_images, test_labels = tensors("t10k")

    def data_set(images, labels):
        return TensorDataset((images - mean) / deviation, labels)

    return (data_set(images[train], labels[train]), data_set(images[validation], labels[validation]),
            data_set(test_images, test_labels))


def network():
    """The layers of basin/problems/fmnist_cnn.hpp."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 10))
