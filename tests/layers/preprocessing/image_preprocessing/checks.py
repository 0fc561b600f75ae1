"""What is checked of every image layer, and the values of real Keras.

`KNOWN` has, for a call with `PIXELS` on Keras 3.15.1 with its numpy backend, the pixel [1, 1] of both images, twice in
turn; `compat/test_image_layers.py` compares the whole.
"""

import random
import tempfile

import numpy as np

import minikeras
from minikeras import layers
from minikeras.engine import tree
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.utils.bounding_boxes import convert_format
from minikeras.utils.bounding_boxes.formats import FORMATS
from tests.helpers import run_step_test

PIXELS = (np.arange(72).reshape(2, 4, 3, 3) * 37 % 256).astype("float32")
LABELS = np.eye(2, dtype="float32")
MASKS = (np.arange(24).reshape(2, 4, 3, 1) % 5).astype("int32")
BOXES = np.float32([[[0, 1, 2, 3]], [[1, 0, 3, 2]]])
ARGUMENTS: dict[str, tuple[tuple, dict]] = {
    "AugMix": ((), {"seed": 3}),
    "AutoContrast": ((), {}),
    "CenterCrop": ((2, 2), {}),
    "ContrastLimitedAdaptiveHistogramEqualization": ((), {"tile_grid_size": (2, 2)}),
    "CutMix": ((), {"seed": 4}),
    "Equalization": ((), {}),
    "MaxNumBoundingBoxes": ((3,), {}),
    "MixUp": ((0.9,), {"seed": 3}),
    "RandAugment": ((), {"seed": 5}),
    "RandomBrightness": ((0.4,), {"seed": 3}),
    "RandomColorDegeneration": ((0.8,), {"seed": 3}),
    "RandomColorJitter": (((0, 255), 0.3, 0.4, 0.6, 0.2), {"seed": 3}),
    "RandomContrast": ((0.7,), {"seed": 3}),
    "RandomCrop": ((2, 2), {"seed": 3}),
    "RandomElasticTransform": (((1.0, 1.0), (1.0, 1.0)), {"seed": 3}),
    "RandomErasing": (((1.0, 1.0), (0.3, 0.6)), {"seed": 3}),
    "RandomFlip": ((), {"seed": 3}),
    "RandomGaussianBlur": (((1.0, 1.0),), {"seed": 3}),
    "RandomGrayscale": ((), {"seed": 3}),
    "RandomHue": ((0.7,), {"seed": 3}),
    "RandomInvert": ((), {"seed": 3}),
    "RandomPerspective": (((1.0, 1.0), 0.4), {"seed": 3}),
    "RandomPosterization": (((2, 7),), {"seed": 3}),
    "RandomRotation": ((0.2,), {"seed": 3}),
    "RandomSaturation": (((0.4, 0.7),), {"seed": 3}),
    "RandomSharpness": ((0.7,), {"seed": 3}),
    "RandomShear": (((0.1, 0.3), (0.1, 0.2)), {"seed": 3}),
    "RandomTranslation": ((0.3, 0.2), {"seed": 3}),
    "RandomZoom": ((0.3,), {"seed": 3}),
    "Resizing": ((3, 4), {}),
    "Solarization": ((0.3, 0.5), {"seed": 3}),
}
ALWAYS = ("AutoContrast", "CenterCrop", "ContrastLimitedAdaptiveHistogramEqualization", "Resizing", "RandomCrop")


def make(layer_name, **options):
    """Returns a layer; which augmentations `AugMix` applies is drawn by Python's `random`."""
    args, own = ARGUMENTS[layer_name]
    random.seed(7)
    return getattr(layers, layer_name)(*args, **own, **options)


def check(name):
    """Checks a layer: real values, traced and replayed calls, shapes, data formats, single images, config, files."""
    layer = make(name)
    calls = [layer(PIXELS) for _ in range(2)]
    # As float32 rounds values of up to 255 in several steps.
    np.testing.assert_allclose([call[:, 1, 1] for call in calls], KNOWN[name], atol=2e-3)
    _check_symbolic(name)
    _check_replay(name)
    _check_formats(name)
    _check_inference(name)
    _check_kept(name)


def _check_symbolic(name):
    layer = make(name, bounding_box_format="xyxy")
    output = layer(PIXELS)
    symbol = layer(KerasTensor((None, 4, 3, 3)))
    assert (None, *output.shape[1:]) == tuple(symbol.shape) and output.dtype == symbol.dtype
    assert layer.compute_output_shape(PIXELS.shape) == output.shape
    data = {"images": PIXELS, "labels": LABELS, "segmentation_masks": MASKS}
    symbols = layer({key: KerasTensor((None, *value.shape[1:]), str(value.dtype)) for key, value in data.items()})
    found = layer(data)
    for key, value in found.items():
        assert (None, *value.shape[1:]) == tuple(symbols[key].shape) and value.dtype == symbols[key].dtype
    shapes = layer.compute_output_shape({key: value.shape for key, value in data.items()})
    assert shapes == {key: value.shape for key, value in found.items()}


def _check_replay(name):
    batches = [PIXELS, PIXELS[::-1].copy(), PIXELS / 2]
    if name == "AugMix":  # whose steps depend on Python's random numbers as well: see test_aug_mix.py
        return
    for training in (True, False):
        layer = make(name)
        run_step_test(lambda x, t=training, own=layer: own(x, training=t), *batches, variables=layer.variables)
    layer = make(name, bounding_box_format="xyxy")
    boxes = (
        {}
        if name in ("CutMix", "RandomElasticTransform")
        else {"bounding_boxes": {"boxes": BOXES, "labels": np.int32([[1], [2]])}}
    )
    data = [{"images": x, "labels": LABELS, "segmentation_masks": MASKS, **boxes} for x in batches]
    run_step_test(lambda x: layer(x, training=True), *data, variables=layer.variables)


def _check_formats(name):
    first = np.moveaxis(PIXELS, -1, 1)
    results = [make(name)(PIXELS), np.moveaxis(make(name, data_format="channels_first")(first), 1, -1)]
    if name not in ("AugMix", "RandAugment", "RandomErasing"):  # whose noise has the shape of the images
        np.testing.assert_allclose(*results, atol=1e-3)
    single = make(name)(PIXELS[0])
    assert single.shape == results[0].shape[1:] and single.dtype == results[0].dtype
    uint8 = make(name)(PIXELS.astype("uint8"))
    assert uint8.dtype == ("uint8" if make(name).keeps_dtype or name == "MaxNumBoundingBoxes" else "float32")
    assert uint8.astype("float32").min() >= -1e3 and np.isfinite(uint8.astype("float32")).all()


def _check_inference(name):
    layer = make(name)
    before = [variable.numpy() for variable in layer.variables]
    result = layer(PIXELS, training=False)
    if name not in ALWAYS:
        np.testing.assert_array_equal(result, PIXELS)
    for variable, value in zip(layer.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)  # nothing was drawn


def _check_kept(name):
    layer = make(name, bounding_box_format="xyxy", name="own")
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    random.seed(7)
    first = layer(PIXELS)
    random.seed(7)
    np.testing.assert_array_equal(first, again(PIXELS))
    model = minikeras.Sequential([layers.Input((4, 3, 3)), make(name)])
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/a.keras")
        loaded = minikeras.saving.load_model(f"{folder}/a.keras")
    random.seed(8)
    expected = model(PIXELS, training=True)
    random.seed(8)
    np.testing.assert_array_equal(loaded(PIXELS, training=True), expected)
    given = {"images": PIXELS.copy(), "labels": LABELS.copy(), "other": np.arange(2)}
    result = layer(given)
    assert list(given) == ["images", "labels", "other"] == list(result)
    for key, value in (("images", PIXELS), ("labels", LABELS)):
        np.testing.assert_array_equal(given[key], value)
    assert all(isinstance(leaf, np.ndarray) for leaf in tree.flatten(result))


def check_boxes(make_layer, *args, moved=()):
    """Checks that bounding boxes, in all formats, follow the pixels of a block in an image.

    Args:
        make_layer: Returns a layer for the arguments, and `bounding_box_format`.
        *args: The arguments.
        moved: Where the box has to be: by default where the pixels are; or None, if a box is wider than what is in it,
            and then it has to contain the pixels.
    """
    image = np.zeros((8, 10, 1), "float32")
    image[3:5, 4:7] = 200
    for name in FORMATS:
        box = convert_format(np.float32([[4, 3, 7, 5]]), "xyxy", name, 8, 10)
        for number in range(4):
            layer = make_layer(*args, bounding_box_format=name)
            for _ in range(number):
                layer({"images": image})
            result = layer({"images": image, "bounding_boxes": {"boxes": box, "labels": np.array([3])}})
            rows, columns = np.nonzero(result["images"][:, :, 0] > 1)
            pixels = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            boxes = result["bounding_boxes"]
            sides = convert_format(boxes["boxes"], name, "xyxy", *result["images"].shape[:2])[0]
            assert boxes["labels"].tolist() == [3]
            if moved is None:
                is_inside = np.abs(sides - pixels) < 1.5  # between pixels, their values are, too
                assert is_inside.all(), (sides, pixels)
            else:
                np.testing.assert_allclose(sides, moved[0] if moved else pixels, atol=1e-3)


KNOWN: dict[str, list] = {
    "AugMix": [
        [
            [125.2781982421875, 145.78179931640625, 48.84870147705078],
            [217.78390502929688, 49.847999572753906, 86.40509796142578],
        ],
        [
            [164.04879760742188, 199.9185028076172, 20.06399917602539],
            [211.2801055908203, 39.52920150756836, 71.97560119628906],
        ],
    ],
    "AutoContrast": [
        [[207.53250122070312, 245.06500244140625, 0.0], [245.0648956298828, 0.0, 39.054100036621094]],
        [[207.53250122070312, 245.06500244140625, 0.0], [245.0648956298828, 0.0, 39.054100036621094]],
    ],
    "CenterCrop": [[[9.0, 46.0, 83.0], [61.0, 98.0, 135.0]], [[9.0, 46.0, 83.0], [61.0, 98.0, 135.0]]],
    "ContrastLimitedAdaptiveHistogramEqualization": [
        [
            [191.202392578125, 226.88189697265625, 9.622599601745605],
            [240.9409942626953, 23.681699752807617, 58.36069869995117],
        ],
        [
            [191.202392578125, 226.88189697265625, 9.622599601745605],
            [240.9409942626953, 23.681699752807617, 58.36069869995117],
        ],
    ],
    "CutMix": [[[188.0, 225.0, 6.0], [240.0, 21.0, 58.0]], [[188.0, 225.0, 6.0], [240.0, 21.0, 58.0]]],
    "Equalization": [[[188.0, 233.0, 0.0], [244.0, 22.0, 55.0]], [[188.0, 233.0, 0.0], [244.0, 22.0, 55.0]]],
    "MaxNumBoundingBoxes": [[[188.0, 225.0, 6.0], [240.0, 21.0, 58.0]], [[188.0, 225.0, 6.0], [240.0, 21.0, 58.0]]],
    "MixUp": [
        [
            [220.70489501953125, 96.69609832763672, 38.704898834228516],
            [210.76870727539062, 135.67660522460938, 28.768699645996094],
        ],
        [[188.0, 225.0, 6.0], [240.0, 21.0, 58.0]],
    ],
    "RandAugment": [
        [[14.980600357055664, 0.0, 142.98060607910156], [0.0, 139.5312042236328, 107.53119659423828]],
        [[0.0, 0.0, 147.2032012939453], [0.0, 160.8612060546875, 129.27920532226562]],
    ],
    "RandomBrightness": [
        [[103.47239685058594, 140.47239685058594, 0.0], [186.30929565429688, 0.0, 4.309299945831299]],
        [[137.66360473632812, 174.66360473632812, 0.0], [221.06820678710938, 2.06820011138916, 39.068199157714844]],
    ],
    "RandomColorDegeneration": [
        [[187.3686981201172, 248.89830017089844, 0.0], [255.0, 0.0, 44.240501403808594]],
        [[187.6240997314453, 239.23150634765625, 0.0], [255.0, 10.65429973602295, 53.14830017089844]],
    ],
    "RandomColorJitter": [
        [
            [171.51849365234375, 171.51849365234375, 171.51849365234375],
            [217.30209350585938, 150.42909240722656, 127.69380187988281],
        ],
        [[144.44979858398438, 187.77670288085938, 135.2220001220703], [255.0, 226.6365966796875, 239.6436004638672]],
    ],
    "RandomContrast": [
        [[192.08689880371094, 231.64500427246094, 0.0], [255.0, 4.008800029754639, 44.54520034790039]],
        [[200.0843963623047, 244.648193359375, 0.0], [255.0, 0.0, 34.86439895629883]],
    ],
    "RandomCrop": [[[188.0, 225.0, 6.0], [240.0, 21.0, 58.0]], [[188.0, 225.0, 6.0], [240.0, 21.0, 58.0]]],
    "RandomElasticTransform": [
        [
            [177.5386962890625, 213.8231964111328, 22.789600372314453],
            [229.87330627441406, 39.5713996887207, 76.57140350341797],
        ],
        [
            [171.3607940673828, 208.3607940673828, 32.638301849365234],
            [233.18299865722656, 32.73979949951172, 69.73979949951172],
        ],
    ],
    "RandomErasing": [
        [[0.0, 0.0, 0.0], [0.0, 16.662099838256836, 0.0]],
        [[255.0, 0.0, 143.23190307617188], [240.0, 21.0, 58.0]],
    ],
    "RandomFlip": [[[9.0, 46.0, 83.0], [61.0, 98.0, 135.0]], [[9.0, 46.0, 83.0], [61.0, 98.0, 135.0]]],
    "RandomGaussianBlur": [
        [
            [130.7530059814453, 167.7530059814453, 63.247100830078125],
            [182.7530059814453, 78.24710083007812, 115.24700164794922],
        ],
        [
            [122.30580139160156, 159.30580139160156, 71.69419860839844],
            [174.30580139160156, 86.69419860839844, 123.69419860839844],
        ],
    ],
    "RandomGrayscale": [
        [
            [188.9521942138672, 188.9521942138672, 188.9521942138672],
            [90.67500305175781, 90.67500305175781, 90.67500305175781],
        ],
        [
            [188.9521942138672, 188.9521942138672, 188.9521942138672],
            [90.67500305175781, 90.67500305175781, 90.67500305175781],
        ],
    ],
    "RandomHue": [
        [[71.52890014648438, 225.0, 6.0], [240.0, 171.2698974609375, 21.0]],
        [[140.72239685058594, 225.0, 6.0], [240.0, 21.0, 205.14349365234375]],
    ],
    "RandomInvert": [[[188.0, 225.0, 6.0], [240.0, 21.0, 58.0]], [[188.0, 225.0, 6.0], [15.0, 234.0, 197.0]]],
    "RandomPerspective": [
        [
            [176.62770080566406, 213.62770080566406, 10.986599922180176],
            [181.90159606933594, 47.73830032348633, 84.7384033203125],
        ],
        [
            [163.98699951171875, 196.7834930419922, 39.21329879760742],
            [226.5944061279297, 42.41510009765625, 79.41510009765625],
        ],
    ],
    "RandomPosterization": [[[188.0, 224.0, 4.0], [240.0, 16.0, 56.0]], [[128.0, 192.0, 0.0], [192.0, 0.0, 0.0]]],
    "RandomRotation": [
        [
            [123.1395034790039, 160.13949584960938, 87.631103515625],
            [195.322998046875, 73.65489959716797, 102.3634033203125],
        ],
        [
            [146.0063934326172, 183.0063934326172, 55.30229949951172],
            [225.14939880371094, 38.799400329589844, 75.3988037109375],
        ],
    ],
    "RandomSaturation": [
        [[197.5742950439453, 225.0, 62.669700622558594], [240.0, 44.97760009765625, 77.92669677734375]],
        [[191.39259338378906, 225.0, 26.080299377441406], [240.0, 0.6883999705314636, 41.12009811401367]],
    ],
    "RandomSharpness": [
        [
            [136.00689697265625, 155.6759033203125, 75.3240966796875],
            [187.3455047607422, 73.65450286865234, 97.49089813232422],
        ],
        [
            [149.86900329589844, 174.15870666503906, 56.84130096435547],
            [206.13519287109375, 54.86479949951172, 83.39859771728516],
        ],
    ],
    "RandomShear": [
        [
            [153.69830322265625, 190.69830322265625, 27.316999435424805],
            [187.71310424804688, 59.436798095703125, 96.43679809570312],
        ],
        [
            [141.7436065673828, 178.7436065673828, 34.75170135498047],
            [184.12669372558594, 62.9286994934082, 99.92870330810547],
        ],
    ],
    "RandomTranslation": [
        [
            [42.44029998779297, 79.44029998779297, 115.4386978149414],
            [128.79400634765625, 81.9988021850586, 118.9988021850586],
        ],
        [
            [72.5873031616211, 109.5873031616211, 129.66270446777344],
            [163.70750427246094, 117.20899963378906, 154.20899963378906],
        ],
    ],
    "RandomZoom": [
        [
            [165.74940490722656, 202.74940490722656, 15.571499824523926],
            [225.86669921875, 27.079700469970703, 64.07969665527344],
        ],
        [
            [174.74969482421875, 211.74969482421875, 11.699899673461914],
            [235.01649475097656, 23.143699645996094, 60.143699645996094],
        ],
    ],
    "Resizing": [
        [[104.875, 141.875, 98.875], [156.875, 113.875, 102.875]],
        [[104.875, 141.875, 98.875], [156.875, 113.875, 102.875]],
    ],
    "Solarization": [
        [[60.44779968261719, 23.447799682617188, 12.552200317382812], [0.0, 39.11600112915039, 178.88400268554688]],
        [[65.04620361328125, 28.046199798583984, 7.953800201416016], [0.0, 177.13699340820312, 140.13699340820312]],
    ],
}
