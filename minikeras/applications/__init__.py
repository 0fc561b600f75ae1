"""Image models, with random weights or those trained on ImageNet, and how their images are prepared."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import convnext as convnext
    from . import densenet as densenet
    from . import efficientnet as efficientnet
    from . import efficientnet_v2 as efficientnet_v2
    from . import imagenet_utils as imagenet_utils
    from . import inception_resnet_v2 as inception_resnet_v2
    from . import inception_v3 as inception_v3
    from . import mobilenet as mobilenet
    from . import mobilenet_v2 as mobilenet_v2
    from . import mobilenet_v3 as mobilenet_v3
    from . import nasnet as nasnet
    from . import resnet as resnet
    from . import resnet50 as resnet50
    from . import resnet_v2 as resnet_v2
    from . import vgg16 as vgg16
    from . import vgg19 as vgg19
    from . import xception as xception
    from .convnext import ConvNeXtBase as ConvNeXtBase
    from .convnext import ConvNeXtLarge as ConvNeXtLarge
    from .convnext import ConvNeXtSmall as ConvNeXtSmall
    from .convnext import ConvNeXtTiny as ConvNeXtTiny
    from .convnext import ConvNeXtXLarge as ConvNeXtXLarge
    from .densenet import DenseNet121 as DenseNet121
    from .densenet import DenseNet169 as DenseNet169
    from .densenet import DenseNet201 as DenseNet201
    from .efficientnet import EfficientNetB0 as EfficientNetB0
    from .efficientnet import EfficientNetB1 as EfficientNetB1
    from .efficientnet import EfficientNetB2 as EfficientNetB2
    from .efficientnet import EfficientNetB3 as EfficientNetB3
    from .efficientnet import EfficientNetB4 as EfficientNetB4
    from .efficientnet import EfficientNetB5 as EfficientNetB5
    from .efficientnet import EfficientNetB6 as EfficientNetB6
    from .efficientnet import EfficientNetB7 as EfficientNetB7
    from .efficientnet_v2 import EfficientNetV2B0 as EfficientNetV2B0
    from .efficientnet_v2 import EfficientNetV2B1 as EfficientNetV2B1
    from .efficientnet_v2 import EfficientNetV2B2 as EfficientNetV2B2
    from .efficientnet_v2 import EfficientNetV2B3 as EfficientNetV2B3
    from .efficientnet_v2 import EfficientNetV2L as EfficientNetV2L
    from .efficientnet_v2 import EfficientNetV2M as EfficientNetV2M
    from .efficientnet_v2 import EfficientNetV2S as EfficientNetV2S
    from .inception_resnet_v2 import InceptionResNetV2 as InceptionResNetV2
    from .inception_v3 import InceptionV3 as InceptionV3
    from .mobilenet import MobileNet as MobileNet
    from .mobilenet_v2 import MobileNetV2 as MobileNetV2
    from .mobilenet_v3_models import MobileNetV3Large as MobileNetV3Large
    from .mobilenet_v3_models import MobileNetV3Small as MobileNetV3Small
    from .nasnet import NASNetLarge as NASNetLarge
    from .nasnet import NASNetMobile as NASNetMobile
    from .resnet import ResNet50 as ResNet50
    from .resnet import ResNet101 as ResNet101
    from .resnet import ResNet152 as ResNet152
    from .resnet_v2 import ResNet50V2 as ResNet50V2
    from .resnet_v2 import ResNet101V2 as ResNet101V2
    from .resnet_v2 import ResNet152V2 as ResNet152V2
    from .vgg16 import VGG16 as VGG16
    from .vgg19 import VGG19 as VGG19
    from .xception import Xception as Xception
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "ConvNeXtBase": ".convnext",
            "ConvNeXtLarge": ".convnext",
            "ConvNeXtSmall": ".convnext",
            "ConvNeXtTiny": ".convnext",
            "ConvNeXtXLarge": ".convnext",
            "DenseNet121": ".densenet",
            "DenseNet169": ".densenet",
            "DenseNet201": ".densenet",
            "EfficientNetB0": ".efficientnet",
            "EfficientNetB1": ".efficientnet",
            "EfficientNetB2": ".efficientnet",
            "EfficientNetB3": ".efficientnet",
            "EfficientNetB4": ".efficientnet",
            "EfficientNetB5": ".efficientnet",
            "EfficientNetB6": ".efficientnet",
            "EfficientNetB7": ".efficientnet",
            "EfficientNetV2B0": ".efficientnet_v2",
            "EfficientNetV2B1": ".efficientnet_v2",
            "EfficientNetV2B2": ".efficientnet_v2",
            "EfficientNetV2B3": ".efficientnet_v2",
            "EfficientNetV2L": ".efficientnet_v2",
            "EfficientNetV2M": ".efficientnet_v2",
            "EfficientNetV2S": ".efficientnet_v2",
            "InceptionResNetV2": ".inception_resnet_v2",
            "InceptionV3": ".inception_v3",
            "MobileNet": ".mobilenet",
            "MobileNetV2": ".mobilenet_v2",
            "MobileNetV3Large": ".mobilenet_v3_models",
            "MobileNetV3Small": ".mobilenet_v3_models",
            "NASNetLarge": ".nasnet",
            "NASNetMobile": ".nasnet",
            "ResNet101": ".resnet",
            "ResNet101V2": ".resnet_v2",
            "ResNet152": ".resnet",
            "ResNet152V2": ".resnet_v2",
            "ResNet50": ".resnet",
            "ResNet50V2": ".resnet_v2",
            "VGG16": ".vgg16",
            "VGG19": ".vgg19",
            "Xception": ".xception",
            "convnext": ".",
            "densenet": ".",
            "efficientnet": ".",
            "efficientnet_v2": ".",
            "imagenet_utils": ".",
            "inception_resnet_v2": ".",
            "inception_v3": ".",
            "mobilenet": ".",
            "mobilenet_v2": ".",
            "mobilenet_v3": ".",
            "nasnet": ".",
            "resnet": ".",
            "resnet50": ".",
            "resnet_v2": ".",
            "vgg16": ".",
            "vgg19": ".",
            "xception": ".",
        },
    )
