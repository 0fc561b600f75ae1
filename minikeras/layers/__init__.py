"""Layers, as in `keras.layers`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .activations.activation import Activation as Activation
    from .activations.elu import ELU as ELU
    from .activations.leaky_relu import LeakyReLU as LeakyReLU
    from .activations.prelu import PReLU as PReLU
    from .activations.relu import ReLU as ReLU
    from .activations.softmax import Softmax as Softmax
    from .attention.additive_attention import AdditiveAttention as AdditiveAttention
    from .attention.attention import Attention as Attention
    from .attention.group_query_attention import GroupQueryAttention as GroupQueryAttention
    from .attention.multi_head_attention import MultiHeadAttention as MultiHeadAttention
    from .base import Layer as Layer
    from .convolution.conv1d import Conv1D as Conv1D
    from .convolution.conv1d_transpose import Conv1DTranspose as Conv1DTranspose
    from .convolution.conv2d import Conv2D as Conv2D
    from .convolution.conv2d_transpose import Conv2DTranspose as Conv2DTranspose
    from .convolution.conv3d import Conv3D as Conv3D
    from .convolution.conv3d_transpose import Conv3DTranspose as Conv3DTranspose
    from .convolution.convolution2d import Convolution2D as Convolution2D
    from .convolution.depthwise_conv1d import DepthwiseConv1D as DepthwiseConv1D
    from .convolution.depthwise_conv2d import DepthwiseConv2D as DepthwiseConv2D
    from .convolution.separable_conv1d import SeparableConv1D as SeparableConv1D
    from .convolution.separable_conv2d import SeparableConv2D as SeparableConv2D
    from .convolution.separable_convolution2d import SeparableConvolution2D as SeparableConvolution2D
    from .core.dense import Dense as Dense
    from .core.einsum_dense import EinsumDense as EinsumDense
    from .core.embedding import Embedding as Embedding
    from .core.identity import Identity as Identity
    from .core.input_layer import Input as Input
    from .core.input_layer import InputLayer as InputLayer
    from .core.lambda_layer import Lambda as Lambda
    from .core.masking import Masking as Masking
    from .core.reversible_embedding import ReversibleEmbedding as ReversibleEmbedding
    from .core.wrapper import Wrapper as Wrapper
    from .input_spec import InputSpec as InputSpec
    from .lookup import deserialize as deserialize
    from .lookup import serialize as serialize
    from .merging.add import Add as Add
    from .merging.add import add as add
    from .merging.average import Average as Average
    from .merging.average import average as average
    from .merging.concatenate import Concatenate as Concatenate
    from .merging.concatenate import concatenate as concatenate
    from .merging.dot import Dot as Dot
    from .merging.dot import dot as dot
    from .merging.maximum import Maximum as Maximum
    from .merging.maximum import maximum as maximum
    from .merging.minimum import Minimum as Minimum
    from .merging.minimum import minimum as minimum
    from .merging.multiply import Multiply as Multiply
    from .merging.multiply import multiply as multiply
    from .merging.subtract import Subtract as Subtract
    from .merging.subtract import subtract as subtract
    from .normalization.batch_normalization import BatchNormalization as BatchNormalization
    from .normalization.group_normalization import GroupNormalization as GroupNormalization
    from .normalization.layer_normalization import LayerNormalization as LayerNormalization
    from .normalization.rms_normalization import RMSNormalization as RMSNormalization
    from .normalization.spectral_normalization import SpectralNormalization as SpectralNormalization
    from .normalization.unit_normalization import UnitNormalization as UnitNormalization
    from .pooling.adaptive_average_pooling1d import AdaptiveAveragePooling1D as AdaptiveAveragePooling1D
    from .pooling.adaptive_average_pooling2d import AdaptiveAveragePooling2D as AdaptiveAveragePooling2D
    from .pooling.adaptive_average_pooling3d import AdaptiveAveragePooling3D as AdaptiveAveragePooling3D
    from .pooling.adaptive_max_pooling1d import AdaptiveMaxPooling1D as AdaptiveMaxPooling1D
    from .pooling.adaptive_max_pooling2d import AdaptiveMaxPooling2D as AdaptiveMaxPooling2D
    from .pooling.adaptive_max_pooling3d import AdaptiveMaxPooling3D as AdaptiveMaxPooling3D
    from .pooling.average_pooling1d import AveragePooling1D as AveragePooling1D
    from .pooling.average_pooling2d import AveragePooling2D as AveragePooling2D
    from .pooling.average_pooling3d import AveragePooling3D as AveragePooling3D
    from .pooling.global_average_pooling1d import GlobalAveragePooling1D as GlobalAveragePooling1D
    from .pooling.global_average_pooling2d import GlobalAveragePooling2D as GlobalAveragePooling2D
    from .pooling.global_average_pooling3d import GlobalAveragePooling3D as GlobalAveragePooling3D
    from .pooling.global_max_pooling1d import GlobalMaxPooling1D as GlobalMaxPooling1D
    from .pooling.global_max_pooling2d import GlobalMaxPooling2D as GlobalMaxPooling2D
    from .pooling.global_max_pooling3d import GlobalMaxPooling3D as GlobalMaxPooling3D
    from .pooling.max_pooling1d import MaxPooling1D as MaxPooling1D
    from .pooling.max_pooling2d import MaxPooling2D as MaxPooling2D
    from .pooling.max_pooling3d import MaxPooling3D as MaxPooling3D
    from .preprocessing.category_encoding import CategoryEncoding as CategoryEncoding
    from .preprocessing.discretization import Discretization as Discretization
    from .preprocessing.hashed_crossing import HashedCrossing as HashedCrossing
    from .preprocessing.hashing import Hashing as Hashing
    from .preprocessing.image_preprocessing.aug_mix import AugMix as AugMix
    from .preprocessing.image_preprocessing.auto_contrast import AutoContrast as AutoContrast
    from .preprocessing.image_preprocessing.center_crop import CenterCrop as CenterCrop
    from .preprocessing.image_preprocessing.clahe import (
        ContrastLimitedAdaptiveHistogramEqualization as ContrastLimitedAdaptiveHistogramEqualization,
    )
    from .preprocessing.image_preprocessing.cut_mix import CutMix as CutMix
    from .preprocessing.image_preprocessing.equalization import Equalization as Equalization
    from .preprocessing.image_preprocessing.max_num_bounding_box import MaxNumBoundingBoxes as MaxNumBoundingBoxes
    from .preprocessing.image_preprocessing.mix_up import MixUp as MixUp
    from .preprocessing.image_preprocessing.rand_augment import RandAugment as RandAugment
    from .preprocessing.image_preprocessing.random_brightness import RandomBrightness as RandomBrightness
    from .preprocessing.image_preprocessing.random_color_degeneration import (
        RandomColorDegeneration as RandomColorDegeneration,
    )
    from .preprocessing.image_preprocessing.random_color_jitter import RandomColorJitter as RandomColorJitter
    from .preprocessing.image_preprocessing.random_contrast import RandomContrast as RandomContrast
    from .preprocessing.image_preprocessing.random_crop import RandomCrop as RandomCrop
    from .preprocessing.image_preprocessing.random_elastic_transform import (
        RandomElasticTransform as RandomElasticTransform,
    )
    from .preprocessing.image_preprocessing.random_erasing import RandomErasing as RandomErasing
    from .preprocessing.image_preprocessing.random_flip import RandomFlip as RandomFlip
    from .preprocessing.image_preprocessing.random_gaussian_blur import RandomGaussianBlur as RandomGaussianBlur
    from .preprocessing.image_preprocessing.random_grayscale import RandomGrayscale as RandomGrayscale
    from .preprocessing.image_preprocessing.random_hue import RandomHue as RandomHue
    from .preprocessing.image_preprocessing.random_invert import RandomInvert as RandomInvert
    from .preprocessing.image_preprocessing.random_perspective import RandomPerspective as RandomPerspective
    from .preprocessing.image_preprocessing.random_posterization import RandomPosterization as RandomPosterization
    from .preprocessing.image_preprocessing.random_rotation import RandomRotation as RandomRotation
    from .preprocessing.image_preprocessing.random_saturation import RandomSaturation as RandomSaturation
    from .preprocessing.image_preprocessing.random_sharpness import RandomSharpness as RandomSharpness
    from .preprocessing.image_preprocessing.random_shear import RandomShear as RandomShear
    from .preprocessing.image_preprocessing.random_translation import RandomTranslation as RandomTranslation
    from .preprocessing.image_preprocessing.random_zoom import RandomZoom as RandomZoom
    from .preprocessing.image_preprocessing.resizing import Resizing as Resizing
    from .preprocessing.image_preprocessing.solarization import Solarization as Solarization
    from .preprocessing.integer_lookup import IntegerLookup as IntegerLookup
    from .preprocessing.mel_spectrogram import MelSpectrogram as MelSpectrogram
    from .preprocessing.normalization import Normalization as Normalization
    from .preprocessing.pipeline import Pipeline as Pipeline
    from .preprocessing.rescaling import Rescaling as Rescaling
    from .preprocessing.stft_spectrogram import STFTSpectrogram as STFTSpectrogram
    from .preprocessing.string_lookup import StringLookup as StringLookup
    from .preprocessing.text_vectorization import TextVectorization as TextVectorization
    from .recurrent.bidirectional import Bidirectional as Bidirectional
    from .recurrent.conv_lstm1d import ConvLSTM1D as ConvLSTM1D
    from .recurrent.conv_lstm2d import ConvLSTM2D as ConvLSTM2D
    from .recurrent.conv_lstm3d import ConvLSTM3D as ConvLSTM3D
    from .recurrent.gru import GRU as GRU
    from .recurrent.gru_cell import GRUCell as GRUCell
    from .recurrent.lstm import LSTM as LSTM
    from .recurrent.lstm_cell import LSTMCell as LSTMCell
    from .recurrent.rnn import RNN as RNN
    from .recurrent.simple_rnn import SimpleRNN as SimpleRNN
    from .recurrent.simple_rnn_cell import SimpleRNNCell as SimpleRNNCell
    from .recurrent.stacked_rnn_cells import StackedRNNCells as StackedRNNCells
    from .regularization.activity_regularization import ActivityRegularization as ActivityRegularization
    from .regularization.alpha_dropout import AlphaDropout as AlphaDropout
    from .regularization.dropout import Dropout as Dropout
    from .regularization.gaussian_dropout import GaussianDropout as GaussianDropout
    from .regularization.gaussian_noise import GaussianNoise as GaussianNoise
    from .regularization.spatial_dropout1d import SpatialDropout1D as SpatialDropout1D
    from .regularization.spatial_dropout2d import SpatialDropout2D as SpatialDropout2D
    from .regularization.spatial_dropout3d import SpatialDropout3D as SpatialDropout3D
    from .reshaping.cropping1d import Cropping1D as Cropping1D
    from .reshaping.cropping2d import Cropping2D as Cropping2D
    from .reshaping.cropping3d import Cropping3D as Cropping3D
    from .reshaping.flatten import Flatten as Flatten
    from .reshaping.permute import Permute as Permute
    from .reshaping.repeat_vector import RepeatVector as RepeatVector
    from .reshaping.reshape import Reshape as Reshape
    from .reshaping.up_sampling1d import UpSampling1D as UpSampling1D
    from .reshaping.up_sampling2d import UpSampling2D as UpSampling2D
    from .reshaping.up_sampling3d import UpSampling3D as UpSampling3D
    from .reshaping.zero_padding1d import ZeroPadding1D as ZeroPadding1D
    from .reshaping.zero_padding2d import ZeroPadding2D as ZeroPadding2D
    from .reshaping.zero_padding3d import ZeroPadding3D as ZeroPadding3D
    from .wrappers.flax_layer import FlaxLayer as FlaxLayer
    from .wrappers.jax_layer import JaxLayer as JaxLayer
    from .wrappers.tfsm_layer import TFSMLayer as TFSMLayer
    from .wrappers.time_distributed import TimeDistributed as TimeDistributed
    from .wrappers.torch_module_wrapper import TorchModuleWrapper as TorchModuleWrapper

    # As in Keras, some classes have a second name.
    AvgPool1D = AveragePooling1D
    AvgPool2D = AveragePooling2D
    AvgPool3D = AveragePooling3D
    Convolution1D = Conv1D
    Convolution1DTranspose = Conv1DTranspose
    Convolution2DTranspose = Conv2DTranspose
    Convolution3D = Conv3D
    Convolution3DTranspose = Conv3DTranspose
    GlobalAvgPool1D = GlobalAveragePooling1D
    GlobalAvgPool2D = GlobalAveragePooling2D
    GlobalAvgPool3D = GlobalAveragePooling3D
    GlobalMaxPool1D = GlobalMaxPooling1D
    GlobalMaxPool2D = GlobalMaxPooling2D
    GlobalMaxPool3D = GlobalMaxPooling3D
    MaxPool1D = MaxPooling1D
    MaxPool2D = MaxPooling2D
    MaxPool3D = MaxPooling3D
    SeparableConvolution1D = SeparableConv1D
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "Activation": ".activations.activation",
            "ActivityRegularization": ".regularization.activity_regularization",
            "AdaptiveAveragePooling1D": ".pooling.adaptive_average_pooling1d",
            "AdaptiveAveragePooling2D": ".pooling.adaptive_average_pooling2d",
            "AdaptiveAveragePooling3D": ".pooling.adaptive_average_pooling3d",
            "AdaptiveMaxPooling1D": ".pooling.adaptive_max_pooling1d",
            "AdaptiveMaxPooling2D": ".pooling.adaptive_max_pooling2d",
            "AdaptiveMaxPooling3D": ".pooling.adaptive_max_pooling3d",
            "Add": ".merging.add",
            "AdditiveAttention": ".attention.additive_attention",
            "AlphaDropout": ".regularization.alpha_dropout",
            "Attention": ".attention.attention",
            "AugMix": ".preprocessing.image_preprocessing.aug_mix",
            "AutoContrast": ".preprocessing.image_preprocessing.auto_contrast",
            "Average": ".merging.average",
            "AveragePooling1D": ".pooling.average_pooling1d",
            "AveragePooling2D": ".pooling.average_pooling2d",
            "AveragePooling3D": ".pooling.average_pooling3d",
            "AvgPool1D": ".pooling.average_pooling1d:AveragePooling1D",
            "AvgPool2D": ".pooling.average_pooling2d:AveragePooling2D",
            "AvgPool3D": ".pooling.average_pooling3d:AveragePooling3D",
            "BatchNormalization": ".normalization.batch_normalization",
            "Bidirectional": ".recurrent.bidirectional",
            "CategoryEncoding": ".preprocessing.category_encoding",
            "CenterCrop": ".preprocessing.image_preprocessing.center_crop",
            "Concatenate": ".merging.concatenate",
            "ContrastLimitedAdaptiveHistogramEqualization": ".preprocessing.image_preprocessing.clahe",
            "Conv1D": ".convolution.conv1d",
            "Conv1DTranspose": ".convolution.conv1d_transpose",
            "Conv2D": ".convolution.conv2d",
            "Conv2DTranspose": ".convolution.conv2d_transpose",
            "Conv3D": ".convolution.conv3d",
            "Conv3DTranspose": ".convolution.conv3d_transpose",
            "ConvLSTM1D": ".recurrent.conv_lstm1d",
            "ConvLSTM2D": ".recurrent.conv_lstm2d",
            "ConvLSTM3D": ".recurrent.conv_lstm3d",
            "Convolution1D": ".convolution.conv1d:Conv1D",
            "Convolution1DTranspose": ".convolution.conv1d_transpose:Conv1DTranspose",
            "Convolution2D": ".convolution.convolution2d",
            "Convolution2DTranspose": ".convolution.conv2d_transpose:Conv2DTranspose",
            "Convolution3D": ".convolution.conv3d:Conv3D",
            "Convolution3DTranspose": ".convolution.conv3d_transpose:Conv3DTranspose",
            "Cropping1D": ".reshaping.cropping1d",
            "Cropping2D": ".reshaping.cropping2d",
            "Cropping3D": ".reshaping.cropping3d",
            "CutMix": ".preprocessing.image_preprocessing.cut_mix",
            "Dense": ".core.dense",
            "DepthwiseConv1D": ".convolution.depthwise_conv1d",
            "DepthwiseConv2D": ".convolution.depthwise_conv2d",
            "Discretization": ".preprocessing.discretization",
            "Dot": ".merging.dot",
            "Dropout": ".regularization.dropout",
            "ELU": ".activations.elu",
            "EinsumDense": ".core.einsum_dense",
            "Embedding": ".core.embedding",
            "Equalization": ".preprocessing.image_preprocessing.equalization",
            "Flatten": ".reshaping.flatten",
            "FlaxLayer": ".wrappers.flax_layer",
            "GRU": ".recurrent.gru",
            "GRUCell": ".recurrent.gru_cell",
            "GaussianDropout": ".regularization.gaussian_dropout",
            "GaussianNoise": ".regularization.gaussian_noise",
            "GlobalAveragePooling1D": ".pooling.global_average_pooling1d",
            "GlobalAveragePooling2D": ".pooling.global_average_pooling2d",
            "GlobalAveragePooling3D": ".pooling.global_average_pooling3d",
            "GlobalAvgPool1D": ".pooling.global_average_pooling1d:GlobalAveragePooling1D",
            "GlobalAvgPool2D": ".pooling.global_average_pooling2d:GlobalAveragePooling2D",
            "GlobalAvgPool3D": ".pooling.global_average_pooling3d:GlobalAveragePooling3D",
            "GlobalMaxPool1D": ".pooling.global_max_pooling1d:GlobalMaxPooling1D",
            "GlobalMaxPool2D": ".pooling.global_max_pooling2d:GlobalMaxPooling2D",
            "GlobalMaxPool3D": ".pooling.global_max_pooling3d:GlobalMaxPooling3D",
            "GlobalMaxPooling1D": ".pooling.global_max_pooling1d",
            "GlobalMaxPooling2D": ".pooling.global_max_pooling2d",
            "GlobalMaxPooling3D": ".pooling.global_max_pooling3d",
            "GroupNormalization": ".normalization.group_normalization",
            "GroupQueryAttention": ".attention.group_query_attention",
            "HashedCrossing": ".preprocessing.hashed_crossing",
            "Hashing": ".preprocessing.hashing",
            "Identity": ".core.identity",
            "Input": ".core.input_layer",
            "InputLayer": ".core.input_layer",
            "InputSpec": ".input_spec",
            "IntegerLookup": ".preprocessing.integer_lookup",
            "JaxLayer": ".wrappers.jax_layer",
            "LSTM": ".recurrent.lstm",
            "LSTMCell": ".recurrent.lstm_cell",
            "Lambda": ".core.lambda_layer",
            "Layer": ".base",
            "LayerNormalization": ".normalization.layer_normalization",
            "LeakyReLU": ".activations.leaky_relu",
            "Masking": ".core.masking",
            "MaxNumBoundingBoxes": ".preprocessing.image_preprocessing.max_num_bounding_box",
            "MaxPool1D": ".pooling.max_pooling1d:MaxPooling1D",
            "MaxPool2D": ".pooling.max_pooling2d:MaxPooling2D",
            "MaxPool3D": ".pooling.max_pooling3d:MaxPooling3D",
            "MaxPooling1D": ".pooling.max_pooling1d",
            "MaxPooling2D": ".pooling.max_pooling2d",
            "MaxPooling3D": ".pooling.max_pooling3d",
            "Maximum": ".merging.maximum",
            "MelSpectrogram": ".preprocessing.mel_spectrogram",
            "Minimum": ".merging.minimum",
            "MixUp": ".preprocessing.image_preprocessing.mix_up",
            "MultiHeadAttention": ".attention.multi_head_attention",
            "Multiply": ".merging.multiply",
            "Normalization": ".preprocessing.normalization",
            "PReLU": ".activations.prelu",
            "Permute": ".reshaping.permute",
            "Pipeline": ".preprocessing.pipeline",
            "RMSNormalization": ".normalization.rms_normalization",
            "RNN": ".recurrent.rnn",
            "RandAugment": ".preprocessing.image_preprocessing.rand_augment",
            "RandomBrightness": ".preprocessing.image_preprocessing.random_brightness",
            "RandomColorDegeneration": ".preprocessing.image_preprocessing.random_color_degeneration",
            "RandomColorJitter": ".preprocessing.image_preprocessing.random_color_jitter",
            "RandomContrast": ".preprocessing.image_preprocessing.random_contrast",
            "RandomCrop": ".preprocessing.image_preprocessing.random_crop",
            "RandomElasticTransform": ".preprocessing.image_preprocessing.random_elastic_transform",
            "RandomErasing": ".preprocessing.image_preprocessing.random_erasing",
            "RandomFlip": ".preprocessing.image_preprocessing.random_flip",
            "RandomGaussianBlur": ".preprocessing.image_preprocessing.random_gaussian_blur",
            "RandomGrayscale": ".preprocessing.image_preprocessing.random_grayscale",
            "RandomHue": ".preprocessing.image_preprocessing.random_hue",
            "RandomInvert": ".preprocessing.image_preprocessing.random_invert",
            "RandomPerspective": ".preprocessing.image_preprocessing.random_perspective",
            "RandomPosterization": ".preprocessing.image_preprocessing.random_posterization",
            "RandomRotation": ".preprocessing.image_preprocessing.random_rotation",
            "RandomSaturation": ".preprocessing.image_preprocessing.random_saturation",
            "RandomSharpness": ".preprocessing.image_preprocessing.random_sharpness",
            "RandomShear": ".preprocessing.image_preprocessing.random_shear",
            "RandomTranslation": ".preprocessing.image_preprocessing.random_translation",
            "RandomZoom": ".preprocessing.image_preprocessing.random_zoom",
            "ReLU": ".activations.relu",
            "RepeatVector": ".reshaping.repeat_vector",
            "Rescaling": ".preprocessing.rescaling",
            "Reshape": ".reshaping.reshape",
            "Resizing": ".preprocessing.image_preprocessing.resizing",
            "ReversibleEmbedding": ".core.reversible_embedding",
            "STFTSpectrogram": ".preprocessing.stft_spectrogram",
            "SeparableConv1D": ".convolution.separable_conv1d",
            "SeparableConv2D": ".convolution.separable_conv2d",
            "SeparableConvolution1D": ".convolution.separable_conv1d:SeparableConv1D",
            "SeparableConvolution2D": ".convolution.separable_convolution2d",
            "SimpleRNN": ".recurrent.simple_rnn",
            "SimpleRNNCell": ".recurrent.simple_rnn_cell",
            "Softmax": ".activations.softmax",
            "Solarization": ".preprocessing.image_preprocessing.solarization",
            "SpatialDropout1D": ".regularization.spatial_dropout1d",
            "SpatialDropout2D": ".regularization.spatial_dropout2d",
            "SpatialDropout3D": ".regularization.spatial_dropout3d",
            "SpectralNormalization": ".normalization.spectral_normalization",
            "StackedRNNCells": ".recurrent.stacked_rnn_cells",
            "StringLookup": ".preprocessing.string_lookup",
            "Subtract": ".merging.subtract",
            "TFSMLayer": ".wrappers.tfsm_layer",
            "TextVectorization": ".preprocessing.text_vectorization",
            "TimeDistributed": ".wrappers.time_distributed",
            "TorchModuleWrapper": ".wrappers.torch_module_wrapper",
            "UnitNormalization": ".normalization.unit_normalization",
            "UpSampling1D": ".reshaping.up_sampling1d",
            "UpSampling2D": ".reshaping.up_sampling2d",
            "UpSampling3D": ".reshaping.up_sampling3d",
            "Wrapper": ".core.wrapper",
            "ZeroPadding1D": ".reshaping.zero_padding1d",
            "ZeroPadding2D": ".reshaping.zero_padding2d",
            "ZeroPadding3D": ".reshaping.zero_padding3d",
            "add": ".merging.add",
            "average": ".merging.average",
            "concatenate": ".merging.concatenate",
            "deserialize": ".lookup",
            "dot": ".merging.dot",
            "maximum": ".merging.maximum",
            "minimum": ".merging.minimum",
            "multiply": ".merging.multiply",
            "serialize": ".lookup",
            "subtract": ".merging.subtract",
        },
    )
