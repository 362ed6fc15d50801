"""As much of PyTorch as the zoo's derive.py asks for to write pytorch_model.bin, where PyTorch is not installed.

Arrays of float32 become tensors of a float type and are saved in the layout of torch.save (a zip archive without compression,
data at multiples of 64 bytes, a pickle of protocol 2).
"""
import struct
import zipfile

import numpy

FLOATS = {"float32": "FloatStorage", "float16": "HalfStorage", "bfloat16": "BFloat16Storage"}
float32, float16, bfloat16 = FLOATS


class Tensor:
    def __init__(self, shape, data, dtype):
        self.shape, self.data, self.dtype = shape, data, dtype

    def to(self, dtype):
        values = numpy.frombuffer(self.data, numpy.float32)
        if dtype == bfloat16:
            bits = values.view(numpy.uint32)
            values = ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(numpy.uint16)  # to nearest, ties to even
        elif dtype == float16:
            values = values.astype(numpy.float16)
        return Tensor(self.shape, values.tobytes(), dtype)


def from_numpy(array):
    return Tensor(array.shape, numpy.ascontiguousarray(array, numpy.float32).tobytes(), float32)


def _text(value):
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def _numbers(values):
    return b"(" + b"".join(b"J" + struct.pack("<i", value) for value in values) + b"t"


def _strides(shape):
    strides = [1] * len(shape)
    for i in range(len(shape) - 1, 0, -1):
        strides[i - 1] = strides[i] * shape[i]
    return strides


def _tensor(tensor, key):
    width = 4 if tensor.dtype == float32 else 2
    storage = (b"(" + _text("storage") + b"ctorch\n" + FLOATS[tensor.dtype].encode() + b"\n" + _text(str(key)) + _text("cpu") +
               b"J" + struct.pack("<i", len(tensor.data) // width) + b"tQ")
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\0" + _numbers(tensor.shape) + _numbers(_strides(tensor.shape)) +
            b"\x89ccollections\nOrderedDict\n)RtR")


def save(tensors, path):
    members = {"data.pkl": b"\x80\x02}(" + b"".join(_text(name) + _tensor(t, i) for i, (name, t) in enumerate(tensors.items())) +
               b"u.", "byteorder": b"little", "version": b"3\n"}
    members |= {f"data/{i}": tensor.data for i, tensor in enumerate(tensors.values())}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(f"pytorch_model/{name}", (1980, 1, 1, 0, 0, 0))
            begin = archive.fp.tell() + 30 + len(info.filename) + 4
            info.extra = b"FB" + struct.pack("<H", -begin % 64) + b"Z" * (-begin % 64)
            archive.writestr(info, data)
