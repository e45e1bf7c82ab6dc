"""Which distributions install the packages that machine-learning code imports: often they are called otherwise.

Names are normal ones (PEP 503). The tables are ours, from the packages' own metadata on PyPI.
"""

from __future__ import annotations

from mldebt.evidence.packages import normal

# what is imported, and what installs it under another name, or under its own and others
_INSTALLED_BY = {
    "attr": "attrs", "azureml": "azureml-sdk azureml-core", "bs4": "beautifulsoup4", "catboost": "catboost",
    "community": "python-louvain", "crypto": "pycryptodome pycryptodomex", "dateutil": "python-dateutil",
    "cv2": "opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless opencv py-opencv",
    "dotenv": "python-dotenv", "fitz": "pymupdf", "git": "gitpython", "google": "google-cloud", "hydra": "hydra-core",
    "imblearn": "imbalanced-learn", "jwt": "pyjwt", "keras": "keras tensorflow", "lightning": "lightning",
    "magic": "python-magic", "mpl-toolkits": "matplotlib", "omegaconf": "omegaconf hydra-core",
    "openssl": "pyopenssl", "pil": "pillow pillow-simd", "psycopg2": "psycopg2 psycopg2-binary",
    "pytorch-lightning": "pytorch-lightning lightning", "ruamel": "ruamel-yaml", "skimage": "scikit-image",
    "sklearn": "scikit-learn sklearn", "sksurv": "scikit-survival", "skopt": "scikit-optimize",
    "tensorboard": "tensorboard tensorflow", "torch": "torch pytorch pytorch-gpu pytorch-cpu pytorch-cuda",
    "tensorflow": "tensorflow tensorflow-gpu tensorflow-cpu tensorflow-macos tensorflow-intel tf-nightly",
    "torchvision": "torchvision", "torchaudio": "torchaudio", "umap": "umap-learn", "yaml": "pyyaml yaml",
}  # fmt: skip
# those with one name, of which somebody who has the code and not them cannot run it
_SAME = frozenset(
    "accelerate albumentations altair boto3 datasets diffusers einops evaluate fastapi flask gensim gradio gym "
    "gymnasium h5py imageio kornia librosa lightgbm loguru mlflow monai nibabel nltk numba onnx onnxruntime openai "
    "optuna pandas peft plotly pyarrow pydicom pydub ray rasterio seaborn sentencepiece shap shapely soundfile spacy "
    "statsmodels streamlit tensorboardx timm tokenizers torchmetrics tqdm transformers trimesh typer ultralytics "
    "wandb xgboost".split()
)
_PARTS = frozenset({"azureml", "google", "mpl-toolkits"})  # each of several distributions installs a part
# what is imported, and what else brings it along
_BROUGHT_BY = {
    "accelerate": "transformers peft trl", "boto3": "sagemaker awscli mlflow", "datasets": "evaluate trl",
    "dateutil": "pandas matplotlib boto3 botocore", "einops": "timm",
    "h5py": "keras tensorflow tensorflow-gpu tensorflow-cpu", "imageio": "scikit-image moviepy",
    "joblib": "scikit-learn nltk librosa", "keras": "tensorflow-gpu tensorflow-cpu tensorflow-macos tf-nightly",
    "numba": "librosa shap umap-learn", "onnx": "ultralytics", "pyarrow": "datasets mlflow streamlit awswrangler",
    "pandas": "seaborn datasets statsmodels mlflow catboost evaluate streamlit shap fastai gluonts autogluon altair",
    "pil": "matplotlib torchvision imageio scikit-image streamlit gradio fastai wandb",
    "sklearn": "imbalanced-learn umap-learn fastai mlflow sentence-transformers librosa shap scikit-survival",
    "tokenizers": "transformers", "torchvision": "timm fastai ultralytics kornia",
    "torch": (
        "torchvision torchaudio timm pytorch-lightning lightning torchmetrics accelerate peft stable-baselines3 fastai "
        "kornia sentence-transformers ultralytics monai allennlp torchtext"
    ),
    "tqdm": "transformers datasets huggingface-hub nltk spacy openai evaluate kaggle gdown sentence-transformers shap",
    "transformers": "sentence-transformers peft trl allennlp",
    "yaml": (
        "transformers huggingface-hub mlflow wandb dask datasets timm omegaconf hydra-core albumentations lightning "
        "pytorch-lightning accelerate ultralytics kubernetes dvc kedro pyaml"
    ),
}  # fmt: skip


def is_known(package: str) -> bool:
    """Whether it is known which distributions install what is imported under this name."""
    plain = normal(package)
    return (plain in _INSTALLED_BY or plain in _SAME) and plain not in _PARTS


def installers(package: str) -> tuple[str, ...]:
    """The distributions that install a package, the usual one first; if none is known, the one of its name."""
    plain = normal(package)
    return tuple(_INSTALLED_BY.get(plain, plain).split())


def bringers(package: str) -> frozenset[str]:
    """The distributions that need a package themselves, and so bring it along."""
    return frozenset(_BROUGHT_BY.get(normal(package), "").split())
